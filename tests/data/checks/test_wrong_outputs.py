# ruff: noqa: RUF001

import json
import random

import pytest

from surpass.data.checks import wrong_outputs

TOWNS = ["Leeds", "Derby", "York", "Bath", "Ripon", "Whitby", "Selby", "Malton"]
ROOMS = ["single", "double", "twin", "family"]
FOODS = ["breakfast", "dinner", "lunch", "nothing"]


def stays(count, seed=0):
    draw = random.Random(seed)
    facts = [
        (draw.choice(TOWNS), draw.randint(2, 29), draw.choice(ROOMS), draw.choice(FOODS))
        for _ in range(count)
    ]
    inputs = [f"town[{t}] nights[{n}] room[{r}] meals[{f}] ref[{k}]" for k, (t, n, r, f) in
              enumerate(facts)]  # fmt: skip
    answers = [
        f"Result: you stay {n} nights at our house in {t}, in a {r} room, and {f} is served."
        for t, n, r, f in facts
    ]
    return inputs, answers


def find(examples, inputs, answers, kind="generate", **options):
    return wrong_outputs.find(examples(inputs, answers), wrong_outputs.Options(**options), kind)


def reasons(result):
    found = {}
    for row, reason in result.evidence.select("row", "reason").iter_rows():
        found.setdefault(row, []).append(reason)
    return found


def test_sound_answers_are_clear(examples):
    result = find(examples, *stays(260))
    assert (result.state, result.evidence.height) == ("clear", 0)
    assert result.summary.startswith("No answer stands out.")


def test_each_planted_flaw_is_named(examples):
    inputs, answers = stays(260)
    answers[3] = answers[3].replace("Result: ", "")
    answers[5] = answers[5].replace(f"stay {answers[5].split()[3]} nights", "stay 31 nights")
    answers[7] = "Result: Sie bleiben in einem Zimmer in dem Haus, und es wird serviert."
    answers[9] = answers[200]
    result = find(examples, inputs, answers)
    found = reasons(result)
    assert {"r4", "r6", "r8", "r10"} <= set(found)
    assert "'Result:'" in found["r4"][0]
    assert "'31'" in found["r6"][0]
    assert any("other rows' inputs explain it" in one for one in found["r10"])
    assert result.severity == "review"
    assert result.evidence["proposal"].unique().to_list() == ["review"]


def test_answers_in_another_language_are_named_unless_that_is_the_task(examples):
    asked = [f"Where is the parcel {n}, and when will it be here?" for n in range(60)]
    said = [f"It is on the way to you and will be there on day {n}." for n in range(60)]
    german = [f"Es ist auf dem Weg zu Ihnen und wird am {n}. Tag da sein." for n in range(60)]
    result = find(examples, asked, [*said[:59], german[59]])
    assert reasons(result)["r60"][-1] == "The input is English, the answer German."
    assert "language" not in find(examples, asked, german).summary


def test_exchanged_answers_are_found_with_an_estimate_of_how_sure_that_is(examples):
    inputs, answers = stays(400)
    exchanged = list(range(0, 400, 20))
    for one, other in zip(exchanged[::2], exchanged[1::2], strict=True):
        answers[one], answers[other] = answers[other], answers[one]
    result = find(examples, inputs, answers)
    shown = [row for row, why in reasons(result).items() if any("other rows'" in w for w in why)]
    right = {f"r{place + 1}" for place in exchanged} & set(shown)
    assert len(right) >= 15
    assert len(right) >= 0.8 * len(shown)
    assert "are estimated to be mismatched" in result.summary


def test_talk_that_no_input_explains_cannot_be_judged_by_words(examples):
    draw = random.Random(1)
    words = [f"w{n}" for n in range(300)]
    talk = [[" ".join(draw.choices(words, k=12)) for _ in range(260)] for _ in range(2)]
    result = find(examples, *talk)
    assert "whether an answer is another input's (words tell it of" in result.summary


@pytest.mark.parametrize("language", ["zh", "th"])
def test_exchanged_answers_are_found_in_scripts_without_spaces(examples, language):
    from spaceless import rows

    inputs = [text for text, _ in rows(language, 240)]
    answers = [text[:-1].split("，")[-1] + text[:24] for text in inputs]
    answers[4], answers[100] = answers[100], answers[4]
    found = reasons(find(examples, inputs, answers))
    assert {"r5", "r101"} <= set(found)


def test_records_lose_keys_and_gain_values(examples):
    inputs, _ = stays(80)
    records = [{"town": text[5:].split("]")[0], "nights": n} for n, text in enumerate(inputs)]
    records[2].pop("nights")
    records[4]["town"] = "Scarborough"
    found = reasons(find(examples, inputs, list(map(json.dumps, records)), "extract"))
    assert "the key 'nights'" in found["r3"][0]
    assert "'Scarborough'" in found["r5"][0]


@pytest.mark.parametrize("kind", ["generate", "extract", "code"])
def test_few_rows_cannot_be_told(examples, kind):
    for count in (0, 1, 49):
        result = find(examples, *(part[:count] for part in stays(60)), kind)
        assert result.state == "cannot tell"
    assert find(examples, ["x"] * 60, ["a"] * 60, "classify").state == "cannot tell"


def test_the_order_of_the_rows_does_not_matter(examples):
    inputs, answers = stays(240)
    answers[9] = answers[200]
    frame = examples(inputs, answers)
    options = wrong_outputs.Options()
    one = wrong_outputs.find(frame, options, "generate").evidence
    other = wrong_outputs.find(frame.sample(fraction=1, shuffle=True, seed=3), options, "generate")
    assert set(one["row"]) == set(other.evidence["row"])
    assert one.equals(wrong_outputs.find(frame, options, "generate").evidence)
