# ruff: noqa: RUF001

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from surpass.text.languages import NAMES, language_of, languages_of

SENTENCES = {
    "en": "Where is my card, it has not arrived yet?",
    "de": "Wo ist meine Karte, sie ist noch nicht angekommen?",
    "fr": "Où est ma carte, elle n'est pas encore arrivée",
    "es": "¿Dónde está mi tarjeta? Todavía no ha llegado",
    "pt": "Onde está o meu cartão? Ainda não chegou",
    "it": "Dove è la mia carta, non è ancora arrivata",
    "nl": "Waar is mijn kaart, die is nog niet aangekomen",
    "sv": "Var är mitt kort, det har inte kommit än",
    "da": "Jeg vil gerne lukke min konto, hvad skal jeg gøre nu?",
    "no": "Hva skal jeg gjøre nå for å stenge kontoen",
    "fi": "Missä minun korttini on, se ei ole vielä tullut",
    "pl": "Gdzie jest moja karta, jeszcze nie przyszła",
    "cs": "Chci zrušit svůj účet, jak to mám udělat?",
    "tr": "Kartım nerede, henüz gelmedi, ne zaman gelir?",
    "ro": "Unde este cardul meu, nu a ajuns încă",
    "hu": "Hol van a kártyám, még nem érkezett meg",
    "id": "Saya ingin menutup akun saya, bagaimana caranya",
    "vi": "Thẻ của tôi ở đâu, nó chưa đến",
    "ru": "Где моя карта, она ещё не пришла",
    "uk": "Де моя картка, вона ще не прийшла",
    "bg": "Къде е моята карта, още не е пристигнала",
    "ar": "أريد إغلاق حسابي من فضلك، كيف أفعل هذا",
    "fa": "کارت من کجاست، هنوز نرسیده است",
    "ur": "میرا کارڈ کہاں ہے، ابھی تک نہیں آیا",
    "hi": "मेरा कार्ड कहाँ है, अभी तक नहीं आया",
    "zh": "我的卡在哪里,还没有到",
    "ja": "カードはどこですか、まだ届いていません",
    "ko": "제 카드가 어디에 있나요? 아직 안 왔어요",
    "th": "บัตรของฉันอยู่ที่ไหน ยังไม่มาเลย",
    "el": "Πού είναι η κάρτα μου;",
}


@pytest.mark.parametrize(("code", "sentence"), SENTENCES.items(), ids=str)
def test_a_sentence_is_told(code, sentence):
    assert language_of(sentence) == code
    assert code in NAMES


@pytest.mark.parametrize(("code", "sentence"), SENTENCES.items(), ids=str)
def test_case_marks_and_repetition_do_not_change_what_is_told(code, sentence):
    assert language_of(f"  *{sentence}*\n{sentence}!") == code


@pytest.mark.parametrize(
    "text",
    ["", "   ", "ok", "123 456", "play some jazz", '{"a": 1}', "La La Land", "你好", "Привет мир",
     "\0\0", "😀😀😀😀😀", "add it to Canciones", "The quick 漢字漢字漢字漢字漢字 brown"],
)  # fmt: skip
def test_short_mixed_and_empty_texts_have_none(text):
    assert language_of(text) is None


def test_a_foreign_title_does_not_make_a_sentence_foreign():
    assert language_of("Please add this song to my Lo Mejor del Rock playlist") in {"en", None}
    assert language_of("Can you find out where they show Der Himmel über Berlin?") == "en"


@given(st.text(max_size=200))
def test_any_text_has_a_known_language_or_none(text):
    assert language_of(text) in {None, *NAMES}


def test_a_column_keeps_its_order_and_its_nulls():
    told = languages_of(pl.Series([SENTENCES["de"], None, "ok", SENTENCES["de"], SENTENCES["th"]]))
    assert told.to_list() == ["de", None, None, "de", "th"]
    assert languages_of(pl.Series([], dtype=pl.String)).dtype == pl.String


@pytest.mark.shared
def test_english_questions_are_told_and_hardly_any_is_called_foreign(shared_data):
    import csv

    with (shared_data / "banking77" / "train.csv").open(encoding="utf-8", newline="") as stream:
        texts = [row["text"] for row in csv.DictReader(stream)][:4000]
    told = languages_of(pl.Series(texts))
    counts = dict(told.value_counts().iter_rows())
    print(counts)
    assert counts["en"] >= 0.9 * told.len()
    assert told.count() - counts["en"] <= 0.002 * told.len()
