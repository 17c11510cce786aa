"""What the checks find of planted leaks through the instruction, swapped outputs, other languages.

Of E2E NLG (a restaurant's facts and its description) and GSM8K (a sum and its worked solution).
"""

# ruff: noqa: RUF001

import csv
import gzip
import json

import msgspec

import planted_defects as defects
from planted_defects import Row, frame_of, rng
from surpass.core.columns import REASON, ROW
from surpass.data.checks import languages, leakage, wrong_outputs
from surpass.data.checks.beside import Beside

_QUOTED = 5  # rows in one instruction
_NUMBERS = 1_000_000

FOREIGN = {
    "de": "Ich möchte wissen, warum {} noch nicht da ist und wann es kommt",
    "fr": "Je voudrais savoir pourquoi {} n'est pas encore là et quand il sera livré",
    "es": "Quiero saber por qué {} no ha llegado todavía y cuándo lo van a enviar",
    "pl": "Chcę wiedzieć, dlaczego {} jeszcze nie przyszło i kiedy to będzie",
    "tr": "Bu neden daha gelmedi ve ne zaman gelecek, {} için bana haber ver",
    "ru": "Я хочу знать, почему {} ещё не пришло и когда это будет",
    "zh": "我想知道为什么{}还没有送到，什么时候可以收到",
    "ja": "{}がまだ届いていないのはなぜですか、いつ届きますか",
    "ar": "أريد أن أعرف لماذا لم يصل {} حتى الآن ومتى يكون هذا",
}


def e2e(shared):
    path = shared / "e2e_nlg" / "devset.csv.gz"
    with gzip.open(path, "rt", encoding="utf-8", newline="") as stream:
        return [(row["mr"], row["ref"]) for row in csv.DictReader(stream)]


def gsm8k(shared):
    with gzip.open(shared / "gsm8k" / "train.jsonl.gz", "rt", encoding="utf-8") as stream:
        return [(row["question"], row["answer"]) for row in map(json.loads, stream)]


WRITTEN = {"E2E NLG": e2e, "GSM8K": gsm8k}


def swapped(rows, seed, count, share):
    """Answers that changed places; a find is right if the answer is not one that its input had."""
    draw = rng(seed, "swapped", str(share))
    drawn = draw.sample(rows, min(count, len(rows)))
    own = {}
    for asked, said in rows:
        own.setdefault(asked, set()).add(said)
    places = draw.sample(range(len(drawn)), round(share * len(drawn)))
    made = [Row(*row) for row in drawn]
    for place, other in zip(places, places[1:] + places[:1], strict=True):
        asked, said = drawn[place][0], drawn[other][1]
        made[place] = Row(asked, said, None if said in own[asked] else place)
    result = wrong_outputs.find(frame_of(made), wrong_outputs.Options(), "generate")
    return made, result


def of_words(result):
    """Only what the model of words shows, without facts and form."""
    theirs = result.evidence[REASON].str.contains("other rows' inputs")
    return msgspec.structs.replace(result, evidence=result.evidence.filter(theirs))


def numbers(rows, seed, count):
    """Another number in place of one that answer and input have in common.

    Sums state numbers that they work out, so there nothing can be found.
    """
    draw = rng(seed, "numbers")
    drawn = [Row(*row) for row in draw.sample(rows, min(count, len(rows)))]

    def other(row):
        found = [word for word in row.label.split() if word.isdigit() and word in row.text]
        if not found:
            return None
        word = draw.choice(found)
        strange = str(draw.randrange(100, _NUMBERS))
        return row._replace(label=row.label.replace(word, strange, 1))

    made = defects.changed(drawn, other, 0.02, draw)
    return made, wrong_outputs.find(frame_of(made), wrong_outputs.Options(), "generate")


def quoted(sound, seed):
    """Instructions that quote some rows of four words and more, as people paste examples."""
    draw = rng(seed, "quoted")
    frame = frame_of(sound)
    long = [place for place, row in enumerate(sound) if len(row.text.split()) >= 4]
    planted = found = shown = 0
    for _ in range(10):
        places = draw.sample(long, _QUOTED)
        lines = [_pasted(sound[place].text, draw) for place in places]
        prompt = "Answer with the label of the text.\n\n" + "\n".join(lines)
        beside = Beside(prompt=prompt)
        named = set(leakage.find(frame, leakage.Options(), "classify", beside).evidence[ROW])
        planted += len(places)
        found += len(named & {f"r{place}" for place in places})
        shown += len(named)
    return (planted, found, shown, found)


def _pasted(text, draw):
    ways = ("Text: {} -> a", 'For example: "{}" is a.', "- {}", "Q: {}\nA: a", "{} | a")
    pasted = draw.choice((str, str.upper, lambda one: one.replace(" ", "  ")))(text)
    return draw.choice(ways).format(pasted)


def foreign(sound, seed):
    """Rows in nine other languages, each with a number of its own."""
    draw = rng(seed, "foreign")

    def translated(row):
        text = draw.choice(list(FOREIGN.values())).format(draw.randrange(_NUMBERS))
        return row._replace(text=text)

    made = defects.changed(sound, translated, 0.02, draw)
    return made, languages.find(frame_of(made), languages.Options(), "classify")
