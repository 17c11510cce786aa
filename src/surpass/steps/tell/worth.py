"""What `surpass worth` says: whether tuning pays, from when on, and what would turn the answer."""

from surpass.core.account import Account, Chapter, Fact, Standing, Table
from surpass.core.records.planned import Side, Turn, WorthData
from surpass.plan.worth import pays
from surpass.steps.planning.worth import Weighed, option_of
from surpass.steps.tell.numbers import UNKNOWN, percent

_TURNS_SHOWN = 10


def told(made: Weighed) -> Account:
    """The account; it does not hold where tuning has not paid within the months."""
    inputs, worth = made.inputs, made.worth
    paid = pays(inputs, made.months)
    return Account(
        title="Worth",
        headline=_headline(made, paid=paid),
        standing=Standing.HOLDS if paid else Standing.DOES_NOT_HOLD,
        text=_text(made),
        facts=(
            Fact(
                label="a right answer",
                value=f"{money(worth.base_accepted)} -> {money(worth.tuned_accepted)}",
                note=f"{made.base_name} -> tuned, in your currency",
            ),
            Fact(label="outlay", value=money(worth.outlay), note="labelling and training"),
            Fact(label="break-even", value=_answers(worth.answers), note=_when(made)),
        ),
        chapters=(
            Chapter(title="Cost of a right answer", tables=(_sides_table(made),)),
            Chapter(title="What would turn the answer", tables=(_turns_table(made),)),
        ),
        data=_data(made, paid=paid),
    )


def money(amount: float) -> str:
    """In the user's currency, which we do not know: two digits that count."""
    return f"{amount:,.2f}" if amount >= 1 or amount == 0 else f"{amount:.2g}"


def _headline(made: Weighed, *, paid: bool) -> str:
    worth = made.worth
    if worth.answers is None:
        return (
            "Tuning never pays: a right answer costs "
            f"{money(worth.tuned_accepted)} tuned and {money(worth.base_accepted)} of "
            f"{made.base_name}."
        )
    after = f"after {_answers(worth.answers)}, {_when(made)}"
    if paid:
        return f"Tuning pays: {after}."
    return f"Tuning does not pay within {made.months:g} months: only {after}."


def _answers(answers: float | None) -> str:
    return UNKNOWN if answers is None else f"{answers:,.0f} right answers"


def _when(made: Weighed) -> str:
    if made.worth.months is None:
        return "never"
    day = "" if made.day is None else f", by {made.day.isoformat()}"
    return f"{made.worth.months:.1f} months at {made.inputs.traffic:,.0f} a month{day}"


def _text(made: Weighed) -> tuple[str, ...]:
    """The small tuned model against the prompted one, and what turns first."""
    worth, said = made.worth, []
    saving = worth.base_accepted - worth.tuned_accepted
    if saving > 0:
        said.append(
            f"Each right answer is {money(saving)} cheaper than from {made.base_name}: wrong ones "
            "before it and what they cost are counted on both sides."
        )
    turned = [(name, at) for name, at in made.turns.items() if at is not None]
    if turned:
        name, at = turned[0]
        now = getattr(made.inputs, name)
        said.append(
            f"The answer turns first with {option_of(name)}: at {_shown(name, at)} instead of "
            f"{_shown(name, now)}."
        )
    return tuple(said)


def _shown(name: str, value: float) -> str:
    if name.endswith("_share"):
        return percent(value)
    return f"{value:,.0f}" if value >= 1000 else f"{value:.3g}"


def _sides_table(made: Weighed) -> Table:
    inputs, worth = made.inputs, made.worth
    numeric = ("right", "an answer", "a right answer")
    return Table(
        title="",
        columns=("model", *numeric),
        rows=(
            (
                made.base_name,
                percent(inputs.base_share),
                money(inputs.base_cost),
                money(worth.base_accepted),
            ),
            (
                "tuned",
                percent(inputs.tuned_share),
                money(inputs.tuned_cost),
                money(worth.tuned_accepted),
            ),
        ),
        numeric=numeric,
        note=f"A wrong answer costs {money(inputs.wrong_cost)} beside its own price.",
    )


def _turns_table(made: Weighed) -> Table:
    rows = tuple(
        (
            option_of(name),
            _shown(name, getattr(made.inputs, name)),
            "does not" if at is None else _shown(name, at),
        )
        for name, at in list(made.turns.items())[:_TURNS_SHOWN]
    )
    return Table(
        title=f"Whether it pays within {made.months:g} months, all other inputs as they are",
        columns=("input", "now", "turns at"),
        rows=rows,
        numeric=("now", "turns at"),
        note="Nearest first; sought from a hundredth to a hundredfold.",
    )


def _data(made: Weighed, *, paid: bool) -> WorthData:
    inputs, worth = made.inputs, made.worth
    return WorthData(
        worth=paid,
        months=made.months,
        outlay=worth.outlay,
        base=Side(
            accepted_share=inputs.base_share,
            answer_cost=inputs.base_cost,
            accepted_cost=worth.base_accepted,
        ),
        tuned=Side(
            accepted_share=inputs.tuned_share,
            answer_cost=inputs.tuned_cost,
            accepted_cost=worth.tuned_accepted,
        ),
        break_even_answers=worth.answers,
        break_even_months=worth.months,
        break_even_date=None if made.day is None else made.day.isoformat(),
        turns=tuple(
            Turn(input=option_of(name), now=getattr(inputs, name), turns_at=at)
            for name, at in made.turns.items()
        ),
    )
