"""Rows in scripts without spaces between words, made of parts; no two are near each other."""

# ruff: noqa: RUF001

import random

_APART = 0.7  # Jaccard of runs of 5 letters that no two texts reach

PARTS = {
    "zh": (
        "我的订单 昨天买的手机 上个月的账单 孩子的生日礼物 新办的银行卡 网上订的机票",
        "还没有收到 被重复扣款了两次 在路上摔坏了 显示的金额不正确 突然不能使用了 被退回到仓库",
        "请尽快帮我查一下原因 我想申请全额退款 麻烦换一个新的给我 客服电话一直打不通",
        "，",
        "。",
    ),
    "ja": (
        "先週注文した荷物が 新しいカードの暗証番号が 毎月の請求書の金額が 予約した航空券が",
        "まだ届いていません 間違って表示されています 壊れた状態で来ました 急に使えなくなりました",
        "至急確認してください 返金をお願いしたいです 交換していただけますか 電話がつながりません",
        "、",
        "。",
    ),
    "th": (
        "พัสดุที่สั่งเมื่อสัปดาห์ก่อน บัตรเครดิตใบใหม่ของฉัน ใบแจ้งหนี้ของเดือนที่แล้ว ของขวัญวันเกิดของลูก",
        "ยังมาไม่ถึงเลย ใช้งานไม่ได้แล้ว เสียหายระหว่างทาง แสดงยอดเงินไม่ถูกต้อง ถูกหักเงินสองครั้ง",
        "ช่วยตรวจสอบให้หน่อยได้ไหม ต้องการขอเงินคืนทั้งหมด อยากเปลี่ยนเป็นชิ้นใหม่",
        " ",
        "",
    ),
}
"""Of each language: beginnings, middles, ends, what stands between them, and the full stop."""

LABELS = ("a", "b", "c", "d", "e", "f")


def rows(language, count, seed=0):
    """So many texts of two complaints each, and a label that the first beginning tells."""
    draw = random.Random(f"{language} {seed}")
    *parts, between, stop = PARTS[language]
    firsts, middles, ends = (part.split() for part in parts)
    kept = {}
    while len(kept) < count:
        number = draw.randrange(len(firsts))
        rest = [draw.choice(part) for part in (middles, ends, firsts, middles, ends)]
        text = between.join([str(draw.randrange(10**9)), firsts[number], *rest]) + stop
        runs = {text[place : place + 5] for place in range(len(text) - 4)}
        if all(len(runs & other) < _APART * len(runs | other) for _, _, other in kept.values()):
            kept[text] = text, LABELS[number], runs
    return [(text, label) for text, label, _ in kept.values()]
