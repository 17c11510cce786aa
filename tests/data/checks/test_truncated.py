import random

from surpass.data.checks import truncated


def reasons(frame, kind="classify"):
    found = truncated.find(frame, truncated.Options(), kind).evidence
    return dict(zip(found["row"], found["reason"], strict=True))


def test_planted_cuts_are_found_with_few_false_alarms(examples, varied):
    rng = random.Random(0)
    cut = set(rng.sample(range(60), 15))
    texts = [
        text[: rng.randint(25, len(text) - 4)] if i in cut else text
        for i, text in enumerate(varied)
    ]
    found = {int(row[1:]) - 1 for row in reasons(examples(texts))}
    assert len(found & cut) / len(cut) > 0.5  # a cut after a whole word leaves no trace
    assert len(found & cut) / len(found) > 0.9


def test_whole_texts_are_clear(examples, varied):
    chat = [
        "can i get a card",
        "can i get a card with a picture",
        "where is my refund :(",
        "hi there how are you (really)",
    ]
    assert reasons(examples(varied)) == {}
    assert reasons(examples(chat)) == {}


def test_a_limit_of_the_export_is_seen(examples):
    texts = [f"{letter}{' some words that go on and on' * 9}"[:100] for letter in "abcdefgh"]
    assert len(reasons(examples(texts))) == 8


def test_an_answer_with_an_open_bracket_is_shown(examples):
    frame = examples(
        ["q"] * 2, ["Use the form (it is on page two of it", "Use the form (on page two) please :("]
    )
    assert set(reasons(frame, "generate")) == {"r1"}


def test_half_a_word_is_found_and_an_abbreviation_is_none(examples, varied):
    cut, short = "They promised me another addr", "Please ship it all to me in EX"
    spoken = [f"please {word} it for me number {n}" for n in range(9) for word in ("explain",)]
    frame = examples([*varied, *spoken, cut, short])
    assert set(reasons(frame)) == {"r70"}


def test_words_that_others_follow_end_no_text_where_full_stops_are_usual(examples, varied):
    cut = [f"{text.split(' of order')[0]} of order number {n} the" for n, text in enumerate(varied)]
    known = [f"{text[:-1]} in the shop." for text in varied * 3]
    frame = examples([*known, *[f"{n}: {text}" for n, text in enumerate(cut[:20])]])
    named = reasons(frame)
    assert sum("'the', which other words follow" in reason for reason in named.values()) == 20
