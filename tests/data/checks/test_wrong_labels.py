import csv
import gzip
import json
import random

import numpy as np
import polars as pl
import pytest

from surpass.data.checks import registry, wrong_labels
from surpass.data.checks.beside import Beside
from surpass.data.checks.wrong_labels import precision_so_far

WORDS = {
    "refund": "money back refund charged twice invoice bank card payment",
    "delivery": "parcel driver late van street door neighbour delivery",
    "account": "password login e-mail account locked reset username profile",
    "device": "screen battery broken cable keyboard speaker warranty repair",
}
FILLER = "please could you tell me why it is still so since monday I want this to be solved now"
SPACELESS = {
    "zh": {
        "refund": "退款金额银行账单扣费",
        "delivery": "包裹快递邻居门口司机",
        "account": "密码登录账户邮箱锁定",
    },
    "ja": {
        "refund": "返金請求銀行口座料金",
        "delivery": "荷物配達運転手玄関隣人",
        "account": "暗証番号登録会員情報画面",
    },
    "th": {
        "refund": "คืนเงินธนาคารบัตรใบแจ้งหนี้",
        "delivery": "พัสดุคนขับประตูเพื่อนบ้าน",
        "account": "รหัสผ่านบัญชีอีเมลล็อกอิน",
    },
}


def asked(count, seed=0):
    """Questions about one of four things, and what each is about."""
    draw = random.Random(seed)
    labels = [draw.choice(list(WORDS)) for _ in range(count)]
    texts = [
        " ".join(
            draw.sample([*draw.sample(WORDS[one].split(), 4), *draw.sample(FILLER.split(), 7)], 11)
        )
        for one in labels
    ]
    return texts, labels


def spaceless(language, count, seed=0):
    """The same without spaces: pieces of the words of one of three things, mixed with others'."""
    draw = random.Random(seed)
    about = SPACELESS[language]
    common = "".join(about.values())
    labels = [draw.choice(list(about)) for _ in range(count)]
    texts = []
    for one in labels:
        pieces = [
            words[at : at + 3]
            for words in [about[one]] * 4 + [common]
            for at in [draw.randrange(len(words) - 3)]
        ]
        texts.append("".join(draw.sample(pieces, len(pieces))))
    return texts, labels


def flipped(labels, share, seed=0):
    """The labels with a share of them wrong, and which those are."""
    draw = random.Random(seed)
    names = sorted(set(labels))
    places = draw.sample(range(len(labels)), round(share * len(labels)))
    wrong = list(labels)
    for place in places:
        wrong[place] = draw.choice([name for name in names if name != labels[place]])
    return wrong, set(places)


def reviewed(given, said):
    return Beside(
        reviews=pl.DataFrame({"row": list(said), "given": given, "target": list(said.values())})
    )


def find(frame, kind="classify", beside=None, **options):
    return wrong_labels.find(frame, wrong_labels.Options(**options), kind, beside)


def places(result):
    return [int(row[1:]) - 1 for row in result.evidence["row"]]


@pytest.fixture(scope="module")
def planted(examples):
    """400 questions, 20 of them with a wrong label: the frame, the right labels, which are wrong"""
    texts, right = asked(400)
    given, wrong = flipped(right, 0.05)
    return examples(texts, given), right, wrong


def test_planted_flips_come_first_with_the_label_that_was_right(planted):
    frame, right, wrong = planted
    result = find(frame, beside=Beside(told=frozenset(frame["row"])))
    found = places(result)
    assert len(set(found) & wrong) >= 0.8 * len(wrong)
    assert set(found[:10]) <= wrong
    for place, reason in zip(places(result), result.evidence["reason"], strict=True):
        if place in wrong:
            assert reason.startswith(f"Labelled {frame['target'][place]!r} (")
            assert f"{right[place]!r} is likelier" in reason
    assert "How often it is right is not known yet: 50 reviews are needed." in result.summary


def test_what_the_model_would_say_is_kept_from_rows_that_may_become_a_test(planted):
    frame, _, _ = planted
    train = frozenset(frame["row"].head(200))
    result = find(frame, beside=Beside(told=train))
    for row, reason in zip(result.evidence["row"], result.evidence["reason"], strict=True):
        assert ("is likelier" in reason) == (row in train)
    assert not any("likelier" in reason for reason in find(frame).evidence["reason"])


def test_the_same_rows_in_another_order_are_shown_in_the_same_order(planted):
    frame, _, _ = planted
    mixed = frame.sample(fraction=1.0, shuffle=True, seed=3)
    assert find(frame).evidence.equals(find(mixed).evidence)


def test_a_copied_mistake_does_not_vote_for_itself(examples):
    ends = ("thanks", "thank you", "bye", "regards", "cheers")
    texts, labels = asked(400)
    labels, wrong = flipped(labels, 0.1)
    first = min(wrong)
    frame = examples(
        [*texts, *[f"{texts[first]} {end}" for end in ends]], [*labels, *[labels[first]] * 5]
    )
    assert {first, *range(400, 405)} <= set(places(find(frame)))


def test_a_group_does_not_vote_for_itself(examples):
    texts, labels = asked(400)
    labels, _ = flipped(labels, 0.05)
    other = {"refund": "device", "delivery": "device", "account": "device", "device": "refund"}
    signed = "zebra unicorn gnu okapi llama tapir ibex"  # what this customer's questions end with
    texts = [f"{text} {signed}" if at < 30 else text for at, text in enumerate(texts)]
    given = [other[label] if at < 30 else label for at, label in enumerate(labels)]
    groups = ["one customer" if at < 30 else f"g{at}" for at in range(400)]
    apart = set(places(find(examples(texts, given)))) & set(range(30))
    together = set(places(find(examples(texts, given, groups=groups)))) & set(range(30))
    assert len(together) >= len(apart) + 3


@pytest.mark.parametrize("kinds", [2, 7])
def test_labels_that_the_text_does_not_show_cannot_be_judged(examples, kinds):
    texts, _ = asked(400)
    draw = random.Random(1)
    result = find(examples(texts, [f"l{draw.randrange(kinds)}" for _ in texts]))
    assert result.state == "cannot tell"
    assert "agrees with" in result.summary


def test_always_guessing_the_commonest_label_is_no_model(examples):
    texts, _ = asked(400)
    draw = random.Random(1)
    result = find(examples(texts, ["usual" if draw.random() < 0.96 else "rare" for _ in texts]))
    assert result.state == "cannot tell"


def test_few_rows_one_label_or_free_text_cannot_be_told(examples):
    texts, labels = asked(249)
    assert find(examples(texts, labels)).state == "cannot tell"
    assert find(examples(*asked(300)), "generate").state == "cannot tell"
    assert find(examples(asked(300)[0], ["same"] * 300)).state == "cannot tell"
    assert find(examples([""] * 300, asked(300)[1])).state == "cannot tell"


def test_labels_on_few_rows_are_not_judged(examples):
    texts, labels = asked(400)
    frame = examples(texts, ["once", *["rare"] * 3, *labels[4:]])
    result = find(frame)
    assert "396 of 400 rows were judged" in result.summary
    assert not {0, 1, 2, 3} & set(places(result))


def test_a_sample_is_judged_where_there_are_too_many_rows(planted):
    frame, _, wrong = planted
    result = find(frame, most_rows=300)
    assert "300 of 400 rows were judged" in result.summary
    assert places(result)
    assert set(places(result)) & wrong


@pytest.mark.parametrize("language", ["zh", "ja", "th"])
def test_scripts_without_spaces_work_by_their_characters(examples, language):
    texts, labels = spaceless(language, 400)
    given, wrong = flipped(labels, 0.05)
    found = set(places(find(examples(texts, given))))
    assert len(found & wrong) >= 0.6 * len(wrong)
    assert len(found & wrong) >= 0.8 * len(found)


def test_fields_with_a_closed_set_are_judged_and_values_from_the_text_are_not(examples):
    texts, labels = asked(400)
    towns = [random.Random(at).choice(["Leeds", "Derby", "York"]) for at in range(400)]
    given, wrong = flipped(labels, 0.05)
    frame = examples(
        [f"{text} in {town}" for text, town in zip(texts, towns, strict=True)],
        [f'{{"topic":"{one}","town":"{town}"}}' for one, town in zip(given, towns, strict=True)],
    )
    result = find(frame, "extract")
    assert len(set(places(result)) & wrong) >= 0.7 * len(wrong)
    assert all(reason.startswith("The field topic says") for reason in result.evidence["reason"])


def test_reviewed_rows_leave_the_list_and_give_the_precision(planted):
    frame, right, _ = planted
    before = find(frame)
    rows = before.evidence["row"].to_list()[:10]
    targets = dict(zip(frame["row"], frame["target"], strict=True))
    truth = dict(zip(frame["row"], right, strict=True))
    said = {row: truth[row] for row in rows}
    mended = frame.with_columns(pl.Series("target", [said.get(r, t) for r, t in targets.items()]))
    beside = reviewed([targets[row] for row in rows], said)
    result = find(mended, beside=beside, fewest_reviews=10)
    wrong = sum(said[row] != targets[row] for row in rows)
    assert f"Of 10 reviewed {wrong} were wrong: precision" in result.summary
    assert set(result.evidence["row"]) == set(before.evidence["row"]) - set(rows)
    assert "10 of 50 reviews" in find(mended, beside=beside).summary


def test_the_precision_has_the_interval_of_wilson():
    assert precision_so_far(50, 41, 50) == (
        "Of 50 reviewed 41 were wrong: precision 82% (69% to 90%)."
    )
    assert precision_so_far(0, 0, 50).endswith("not known yet: 50 reviews are needed.")


def test_when_all_is_reviewed_nothing_is_left_to_look_at(planted):
    frame, _, _ = planted
    rows = find(frame).evidence["row"].to_list()
    targets = dict(zip(frame["row"], frame["target"], strict=True))
    kept = {row: targets[row] for row in rows}
    result = find(frame, beside=reviewed(list(kept.values()), kept))
    assert result.state == "clear"
    assert "All labels that looked wrong were reviewed." in result.summary


def test_hostile_texts_stop_nothing(examples):
    texts, labels = asked(400)
    texts[:4] = ["\0\ud7ff" * 50, "</script>{{7*7}}", "=cmd|' /C calc'!A0", "\u202e" * 2000]
    assert find(examples(texts, labels)).examined == 400


def test_the_check_says_what_it_needs():
    assert registry.all_checks()["wrong_labels"].needs == ("reviews", "told")


def snips(shared):
    with gzip.open(shared / "snips" / "train.jsonl.gz", "rt", encoding="utf-8") as stream:
        return [(row["text"].strip(), row["intent"]) for row in map(json.loads, stream)]


def banking(shared):
    with (shared / "banking77" / "train.csv").open(encoding="utf-8", newline="") as stream:
        return [(row["text"], row["category"]) for row in csv.DictReader(stream)]


def drawn(source, shared, count, share, seed):
    rows = random.Random(seed).sample(source(shared), count)
    given, wrong = flipped([label for _, label in rows], share, seed)
    return [text for text, _ in rows], given, wrong


@pytest.mark.shared
@pytest.mark.parametrize(
    ("share", "precision", "recall"), [(0.01, 0.4, 0.5), (0.05, 0.8, 0.65), (0.1, 0.85, 0.65)]
)
@pytest.mark.parametrize("seed", [21, 22])
def test_flips_planted_in_snips_are_found(shared_data, examples, share, precision, recall, seed):
    texts, given, wrong = drawn(snips, shared_data, 2000, share, seed)
    result = find(examples(texts, given))
    found = set(places(result))
    right = len(found & wrong)
    print(f"snips {share:.0%}: precision {right / len(found):.2f}, recall {right / len(wrong):.2f}")
    assert right >= precision * len(found)
    assert right >= recall * len(wrong)


@pytest.mark.shared
@pytest.mark.slow
@pytest.mark.parametrize("share", [0.01, 0.05, 0.1])
def test_seventy_seven_intents_are_too_many_for_the_model(shared_data, examples, share):
    """On Banking77 fewer than 80 % of the finds would be flips: the check must not speak."""
    texts, given, wrong = drawn(banking, shared_data, 9000, share, 21)
    frame = examples(texts, given)
    assert find(frame).state == "cannot tell"
    unguarded = set(places(find(frame, agreeing_share=0.5)))
    print(f"banking77 {share:.0%}: precision {len(unguarded & wrong) / len(unguarded):.2f}")
    assert len(unguarded & wrong) < 0.8 * len(unguarded)


@pytest.mark.shared
@pytest.mark.parametrize("filter_by", ["confident_learning", "prune_by_noise_rate", "both"])
def test_errors_that_people_confirmed_rank_as_high_as_by_cleanlab_alone(shared_data, filter_by):
    """Average precision over the judged examples, with the probabilities that were published.

    20 Newsgroups; of the other sets the judged examples have no place among the probabilities.
    """
    from cleanlab.filter import find_label_issues
    from sklearn.metrics import average_precision_score

    from surpass.data.confident import suspects

    folder = shared_data / "label_errors_known"
    labels = np.load(folder / "20news_test_set_original_labels.npy").astype(int)
    with gzip.open(folder / "20news_test_set_pyx.npy.gz") as stream:
        chances = np.load(stream).astype(np.float64)
    judged = json.loads((folder / "20news_mturk.json").read_text(encoding="utf-8"))
    wrong = [one["mturk"]["given"] < 3 for one in judged]  # of 5 people

    def average_precision(found):
        score = np.full(labels.size, -labels.size)
        score[found] = -np.arange(len(found))
        return average_precision_score(wrong, score[[one["id"] for one in judged]])

    ours = average_precision(suspects(labels, chances))
    theirs = average_precision(
        find_label_issues(
            labels, chances, filter_by=filter_by,
            return_indices_ranked_by="self_confidence", n_jobs=1,
        )
    )  # fmt: skip
    print(f"average precision {ours:.3f}, cleanlab by {filter_by} {theirs:.3f}")
    assert ours >= theirs


def test_suspects_are_cleanlabs_in_the_order_of_self_confidence():
    from cleanlab.filter import find_label_issues

    from surpass.data.confident import suspects

    rng = np.random.default_rng(0)
    labels = rng.integers(0, 3, 500)
    chances = rng.dirichlet([0.4] * 3, 500)
    told = find_label_issues(
        labels, chances, filter_by="confident_learning",
        return_indices_ranked_by="self_confidence", n_jobs=1,
    )  # fmt: skip
    assert suspects(labels, chances).tolist() == told.tolist()
