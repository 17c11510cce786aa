"""What a person is shown before the seal: criterion, smallest provable gain, minutes."""

from surpass.core.account import Account, Fact, Standing
from surpass.core.digest import short
from surpass.core.records.decisions import Seal
from surpass.core.settings import Criteria
from surpass.measure.metrics import metric
from surpass.prove.power import Power
from surpass.steps.tell.numbers import minutes, percent, points


def criteria_sentences(criteria: Criteria) -> tuple[str, ...]:
    """The criteria in words, one sentence each."""
    said = [
        f"The tuned model must beat {p.against} by surely more than {points(p.margin)} of "
        f"{metric(p.metric).title}; the hope is {points(p.expect)}."
        for p in criteria.primary
    ]
    said += [
        f"{metric(g.metric).title} must not fall by more than {points(-g.margin)}"
        f"{f' for any {g.by}' if g.by else ''} ({g.level})."
        for g in criteria.guard
    ]
    said += [
        f"{metric(f.metric).title} must surely reach {percent(f.at_least)}." for f in criteria.floor
    ]
    return tuple(said)


def proposal_account(
    criteria: Criteria, *, declared: bool, power: Power, seconds: float
) -> Account:
    """The question before sealing."""
    marked = () if declared else ("These criteria are the default; nobody declared them.",)
    return Account(
        title="Before sealing",
        headline="This is what the test will decide.",
        text=(*criteria_sentences(criteria), power.sentence),
        facts=(
            Fact(label="training and test", value=minutes(seconds), note="predicted"),
            Fact(label="chance of PASS", value=percent(power.chance), note="if the hope is true"),
        ),
        warnings=marked,
    )


def seal_account(digest: str, body: Seal, power: Power) -> Account:
    """What `surpass seal` says."""
    return Account(
        title="Seal",
        headline=f"Sealed as {short(digest)}: {body.test_rows} test rows of "
        f"{body.test_groups} groups.",
        text=(*criteria_sentences(body.criteria), power.sentence),
        facts=(
            Fact(label="chance of PASS", value=percent(power.chance), note="if the hope is true"),
        ),
        standing=Standing.DONE if power.chance > 0 else Standing.CANNOT_TELL,
        warnings=() if body.declared else ("The criteria are the default, not declared.",),
        next_command="surpass plan",
    )
