"""What `surpass plan --gpu` rests on: constants fitted on published rows, and every error.

Run it without options to print both, with `--write` to put the table into docs/plan.md too.
Nothing is trained; the rows are those of src/surpass/plan/published.toml.
"""

import re
import sys
from pathlib import Path

from surpass.plan.fit import fit
from surpass.plan.published import comparisons, table

PAGE = Path(__file__).parents[1] / "docs" / "plan.md"
TABLE = re.compile(r"\| what \| unit \|.*?\n(?=\n)", re.DOTALL)


def main() -> None:
    found = fit()
    for name in found.__struct_fields__:
        print(f"{name}: {getattr(found, name)}")
    print(table())
    predicted = [one for one in comparisons() if not one.fitted]
    print(f"{len(predicted)} predicted, worst {max(abs(one.error) for one in predicted):.0%}")
    if "--write" in sys.argv[1:]:
        page = PAGE.read_text(encoding="utf-8")
        PAGE.write_text(TABLE.sub(lambda _: table(), page, count=1), encoding="utf-8")


if __name__ == "__main__":
    main()
