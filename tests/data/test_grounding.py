import json

from surpass.data.grounding import ungrounded

TOWNS = ["Leeds", "Derby", "York", "Bath", "Ripon"]


def stays(count=60):
    inputs = [
        f"book {TOWNS[n % 5]} for {n + 2} nights on 2024-0{n % 9 + 1}-15" for n in range(count)
    ]
    months = ["January", "February", "March", "April", "May", "June", "July", "August", "September"]
    answers = [
        f"You stay in {TOWNS[n % 5]} for {n + 2} nights from 15 {months[n % 9]}, 24 hours notice."
        for n in range(count)
    ]
    return inputs, answers


def found(examples, inputs, answers, kind="generate"):
    return ungrounded(examples(inputs, answers), kind, 0.9)


def test_answers_that_keep_to_their_input_have_no_stray_fact(examples):
    said = found(examples, *stays())
    assert said.stray == []
    assert said.judged == ["numbers", "names"]


def test_a_number_and_a_name_that_the_input_lacks_are_named(examples):
    inputs, answers = stays()
    answers[3] = answers[3].replace("5 nights", "8 nights")
    answers[7] = answers[7].replace(TOWNS[2], "Whitby")
    said = found(examples, inputs, answers)
    assert {one.row: one.facts for one in said.stray} == {"r4": ("8",), "r8": ("Whitby",)}


def test_where_answers_add_facts_of_their_own_nothing_is_stray(examples):
    inputs, answers = stays()
    sums = [f"{text} That is {n * 37 + 1000} in all." for n, text in enumerate(answers)]
    assert found(examples, inputs, sums).judged == ["names"]
    assert found(examples, inputs[:20], answers[:20]).judged == []


def test_words_for_small_numbers_and_commas_between_thousands_are_the_same_number(examples):
    inputs = [f"two of them cost {n + 1},000 pounds" for n in range(40)]
    answers = [f"2 x {n + 1}000" for n in range(40)]
    assert found(examples, inputs, answers).stray == []


def test_a_field_that_is_cut_from_the_text_must_stand_there(examples):
    inputs, _ = stays()
    records = [{"town": TOWNS[n % 5], "nights": n + 2, "mood": "fine"} for n in range(60)]
    records[9]["town"] = "Whitby"
    said = found(examples, inputs, list(map(json.dumps, records)), "extract")
    assert [one.row for one in said.stray] == ["r10"]
    assert said.stray[0].what == "the field 'town'"
    assert "the field 'mood'" in said.judged  # what answers always state is a habit


def test_broken_records_and_huge_numbers_stop_nothing(examples):
    hostile = ["{", "9" * 4000, "1,2,3,4", "٣٤", "", '{"a":[1]}']
    for kind in ("generate", "extract"):
        assert found(examples, ["x"] * 6, hostile, kind).stray == []
