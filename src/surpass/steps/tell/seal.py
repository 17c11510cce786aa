"""What a person is shown before the seal: criterion, smallest provable gain, minutes."""

from surpass.core.account import Account, Fact, Standing
from surpass.core.digest import short
from surpass.core.records.decisions import Seal
from surpass.core.records.results import GateChance, PowerData, SealData
from surpass.core.settings import Criteria, Primary
from surpass.measure.metrics import metric
from surpass.prove.forgetting import sample_words
from surpass.prove.power import Power
from surpass.steps.tell.numbers import counted, minutes, percent, points

BEST_RUNG = "best rung"


def criteria_sentences(criteria: Criteria) -> tuple[str, ...]:
    """The criteria in words, one sentence each."""
    said = [
        f"The tuned model must beat {_opponent(p)} by surely more than {_margin(p)} of "
        f"{metric(p.metric).title}; the hope is {points(p.expect)}."
        for p in criteria.primary
    ]
    said += [
        f"{metric(g.metric).title} must not fall by more than {points(-g.margin)}"
        f"{_for_each(g.by)} ({g.level})."
        for g in criteria.guard
    ]
    said += [
        f"{metric(f.metric).title} must surely reach {percent(f.at_least)}{_for_each(f.by)}."
        for f in criteria.floor
    ]
    said += [
        f"{metric(c.metric).title} must surely stay below {percent(c.at_most)}{_for_each(c.by)}."
        for c in criteria.ceiling
    ]
    said += [
        f"The loss on {sample_words(f.on)} must not rise by more than {f.margin:g} nats per token "
        f"({f.level})."
        for f in criteria.forgetting
    ]
    if criteria.seeds > 1:
        said.append(
            f"{criteria.seeds} runs, each with its own training seed, are judged by their mean."
        )
    return tuple(said)


def _opponent(primary: Primary) -> str:
    """The best rung of the ladder, or the rung that is named."""
    return f"the {primary.against}" if primary.against == BEST_RUNG else primary.against


def _margin(primary: Primary) -> str:
    """Points, or a share of what the opponent reaches."""
    if primary.margin_relative is None:
        return points(primary.margin)
    return f"{percent(primary.margin_relative)} of its own score"


def _for_each(column: str | None) -> str:
    return f" for each {column}" if column else ""


def proposal_account(
    criteria: Criteria, *, declared: bool, power: Power, seconds: float | None
) -> Account:
    """The question before sealing; without seconds where they cannot be predicted."""
    took = () if seconds is None else (minutes(seconds),)
    marked = () if declared else ("These criteria are the default; nobody declared them.",)
    return Account(
        title="Before sealing",
        headline="This is what the test will decide.",
        text=(*criteria_sentences(criteria), power.sentence),
        facts=(
            *(Fact(label="training and test", value=time, note="predicted") for time in took),
            Fact(label="chance of PASS", value=percent(power.chance), note="if the hope is true"),
        ),
        warnings=marked,
    )


def seal_account(digest: str, body: Seal, power: Power) -> Account:
    """What `surpass seal` says."""
    return Account(
        title="Seal",
        headline=f"Sealed as {short(digest)}: {counted(body.test_rows, 'test row')} of "
        f"{counted(body.test_groups, 'group')}.",
        text=(*criteria_sentences(body.criteria), power.sentence),
        facts=(
            Fact(label="chance of PASS", value=percent(power.chance), note="if the hope is true"),
        ),
        standing=Standing.DONE if power.chance > 0 else Standing.CANNOT_TELL,
        warnings=() if body.declared else ("The criteria are the default, not declared.",),
        next_command="surpass plan",
        data=SealData(digest=digest, seal=body, power=power_data(power)),
    )


def power_data(power: Power) -> PowerData:
    """What a test can prove, for programs."""
    gates = tuple(GateChance(name=gate.name, chance=gate.chance) for gate in power.gates)
    return PowerData(chance=power.chance, smallest_gain=power.smallest_gain, gates=gates)
