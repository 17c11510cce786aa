"""Projects on a two-layer model: the whole path in seconds, without a language model's sense."""

import csv
import json
import random
from pathlib import Path

from surpass.steps.project import Project, open_project

WORDS = {
    "outage": "dead dark gone silent offline dropped lost nothing blank cut",
    "bill": "charged invoice refund pounds twice money paid owed credit debit",
    "move": "house flat address keys van boxes landlord street moving tenancy",
}
FILLER = (
    "the a my our this that since again monday sunday please why now router line phone "
    "still today never always kitchen morning because with from after before about really"
)
SETTINGS = """
[task]
name = "small"
kind = "{kind}"
input = "text"
output = "{output}"

[data]
train = ["rows.csv"]
group = "customer"
slices = ["channel"]

[model]
base = "{base}"

[training]
epochs = {epochs}
number_type = "float32"
batch_tokens = 600

[generation]
max_new_tokens = 12
"""


def rows(count: int, seed: int = 0) -> list[dict[str, str]]:
    """Rows of three labels, told by their words; two thirds of the customers write once."""
    draw = random.Random(seed)
    found = []
    for number in range(count):
        label = draw.choice(list(WORDS))
        words = draw.sample(WORDS[label].split(), 3) + draw.sample(FILLER.split(), 7)
        draw.shuffle(words)
        found.append(
            {
                "text": " ".join(words),
                "label": label,
                "record": json.dumps({"topic": label, "first": words[0]}),
                "customer": f"c{draw.randrange(count)}",
                "channel": draw.choice(["chat", "phone"]),
                "number": str(number),
            }
        )
    return found


def write_rows(path: Path, found: list[dict[str, str]]) -> None:
    """Write rows as CSV."""
    with path.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.DictWriter(stream, fieldnames=list(found[0]))
        writer.writeheader()
        writer.writerows(found)


def make_project(
    folder: Path,
    base: Path,
    *,
    kind: str = "classify",
    output: str = "label",
    count: int = 160,
    epochs: float = 1,
    more: str = "",
) -> Project:
    """A project on generated rows; `more` is added to its surpass.toml."""
    folder.mkdir(parents=True, exist_ok=True)
    write_rows(folder / "rows.csv", rows(count))
    text = SETTINGS.format(kind=kind, output=output, base=base, epochs=epochs) + more
    (folder / "surpass.toml").write_text(text, encoding="utf-8")
    return open_project(folder)


def add_settings(folder: Path, more: str) -> Project:
    """Add to surpass.toml and open the project anew."""
    path = folder / "surpass.toml"
    path.write_text(path.read_text(encoding="utf-8") + more, encoding="utf-8")
    return open_project(folder)
