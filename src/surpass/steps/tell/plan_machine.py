"""What `surpass plan --gpu` says: advice with its reason, every method, what would fit."""

from surpass.core.account import Account, Chapter, Fact, Standing, Table
from surpass.core.records.planned import AdviceData, MachinePlanData, MethodPlan
from surpass.core.wording import counted
from surpass.plan.methods import TITLES, Name
from surpass.plan.offer import Job, Offer
from surpass.plan.remedy import cards_needed, largest_base_that_fits, machines_that_fit
from surpass.plan.strategy import Advice
from surpass.steps.planning.machine import MachinePlan
from surpass.steps.tell.numbers import UNKNOWN, gigabytes, minutes, percent

NOT_RUN = "predicted, not run"
_SMALL = 3e9  # parameters below which published rows took longer than predicted
_PACKING_DECIDES = 1.3  # from so many times as many tokens on it is worth a sentence


def told(made: MachinePlan) -> Account:
    """The account; it does not hold where no method fits."""
    best = made.best
    return Account(
        title=f"Plan for {made.machine.title}",
        headline=_headline(made, best),
        standing=Standing.DOES_NOT_HOLD if best is None else Standing.HOLDS,
        text=_text(made, best),
        facts=_facts(made, best),
        chapters=(
            Chapter(title="Methods", tables=(_methods_table(made),)),
            *(() if best is None else (_memory_chapter(made, best),)),
            *(() if len(made.advice) < 2 else (_otherwise(made.advice[1:]),)),
        ),
        warnings=_warnings(made),
        next_command="" if best is None else "surpass worth",
        data=_data(made),
    )


def title_of(made: MachinePlan, method: Name) -> str:
    """The method with the type of the base's weights on this machine."""
    title = TITLES[method]
    return title.replace("16", "32") if made.machine.number_type == "float32" else title


def in_hours(hours: float) -> str:
    """As they were said."""
    return "1 hour" if hours == 1 else f"{hours:g} hours"


def duration(seconds: float) -> str:
    """From an hour on as "4.2 hours"."""
    return minutes(seconds) if seconds < 3600 else f"{seconds / 3600:,.1f} hours"


def _headline(made: MachinePlan, best: Offer | None) -> str:
    where = f"{made.base} on {made.machine_name}"
    if best is None:
        return f"No method fits: {where}."
    room = f"{gigabytes(best.memory_bytes)} of {made.machine.memory_gb:g} GB"
    first = f"{title_of(made, best.method)} fits: {where}, {room}"
    if made.job.tokens is not None:
        return f"{first}, {duration(best.seconds(made.job.tokens))}; {NOT_RUN}."
    if made.job.hours is not None:
        reach = best.tokens_in(made.job.hours) / 1e6
        return f"{first}, {reach:.1f} M tokens in {in_hours(made.job.hours)}; {NOT_RUN}."
    return f"{first}; {NOT_RUN}."


def _text(made: MachinePlan, best: Offer | None) -> tuple[str, ...]:
    said = [made.advice[0].reason] if made.advice else []
    if best is not None and best.packed_rate > _PACKING_DECIDES * best.single_rate:
        said.append(_packing(made, best))
    said += _refusals(made)
    return (*said, *made.notes)


def _packing(made: MachinePlan, best: Offer) -> str:
    """Why packing decides, in the numbers of this plan."""
    why = (
        "the 4-bit weights are written out in 16 bit once a micro-batch, however short it is"
        if best.method == "qlora"
        else "every layer is started once a micro-batch, however short it is"
    )
    reach = f"{best.single_rate:,.0f} instead of {best.packed_rate:,.0f} tokens a second"
    if made.job.hours is not None:
        alone = best.tokens_in(made.job.hours, packed=False) / 1e6
        reach += f", {alone:.1f} instead of {best.tokens_in(made.job.hours) / 1e6:.1f} M tokens"
    return (
        f"Packing decides: one row of {made.job.row_tokens:,} tokens at a time reaches {reach}, "
        f"for {why}. This plan packs {best.micro_tokens:,} tokens."
    )


def _refusals(made: MachinePlan) -> list[str]:
    """What does not fit and what would; LoRA stands for all methods on 16-bit weights."""
    refused = {one.method: one for one in made.offers if one.exceeds is not None}
    smallest = made.best is None
    names: list[Name] = ["qlora", "lora"] if smallest else ["lora"]
    said = []
    for name in names:
        if name in refused:
            said.append(f"{title_of(made, name)} does not fit: it needs {refused[name].exceeds}.")
            said.append(_what_would(made, refused[name]))
    if smallest:
        method: Name = "qlora" if made.machine.four_bit else "lora"
        base = largest_base_that_fits(made.machine, made.job, method, made.rank)
        if base is not None:
            said.append(
                f"On {made.machine_name} the largest known base that fits is {base}, by "
                f"{title_of(made, method)}."
            )
    return said


def _what_would(made: MachinePlan, refused: Offer) -> str:
    fitting = machines_that_fit(made.shape, made.job, refused.method, made.rank)
    cards, job = cards_needed(refused, made.machine), made.job
    words = f"It would fit {', '.join(fitting)}." if fitting else "It fits no machine known here."
    if cards == 1 and job.rows is not None and job.hours is not None:
        rows = int(refused.tokens_in(job.hours) / job.row_tokens / job.epochs)
        return f"{words} {in_hours(job.hours)} here hold {counted(rows, 'row')} ({_passes(job)})."
    if cards > 1:
        words += f" {cards} of these machines would hold it with the weights split between them."
    return words


def _passes(job: Job) -> str:
    return counted(int(job.epochs), "pass", "passes") if job.epochs % 1 == 0 else f"{job.epochs:g}"


def _facts(made: MachinePlan, best: Offer | None) -> tuple[Fact, ...]:
    if best is None:
        return ()
    job = made.job
    facts = [Fact(label="method", value=title_of(made, best.method), note=f"rank {made.rank}")]
    facts.append(Fact(label="memory", value=gigabytes(best.memory_bytes), note=NOT_RUN))
    rate = f"{best.packed_rate:,.0f} tokens/s"
    facts.append(Fact(label="speed", value=rate, note=f"{_step(best)} a micro-batch, {NOT_RUN}"))
    if job.hours is not None:
        reach = f"{best.tokens_in(job.hours) / 1e6:.1f} M tokens"
        facts.append(Fact(label=f"in {in_hours(job.hours)}", value=reach, note=NOT_RUN))
    if job.tokens is not None:
        time = duration(best.seconds(job.tokens))
        facts.append(Fact(label="training", value=time, note=f"loading and scoring too, {NOT_RUN}"))
    if (money := _money(made, best)) is not None:
        facts.append(Fact(label="money", value=f"{money:.2f}", note="at your price of an hour"))
    if made.power is not None:
        facts.append(Fact(label="chance of PASS", value=percent(made.power), note="at the hope"))
    return tuple(facts)


def _step(best: Offer) -> str:
    seconds = best.micro_tokens / best.packed_rate
    return f"{seconds:.2g} s" if seconds < 10 else f"{seconds:.0f} s"


def _money(made: MachinePlan, one: Offer) -> float | None:
    """Of training the rows, or where none are given of the hours."""
    price, tokens = made.job.price_per_hour, made.job.tokens
    hours = made.job.hours if tokens is None else one.seconds(tokens) / 3600
    return None if price is None or hours is None else price * hours


def _methods_table(made: MachinePlan) -> Table:
    """Columns that nothing is known for are left out."""
    told = {one.method: _cells(made, one) for one in made.offers}
    columns = ("memory", "tokens/s", "M tokens", "hours", "money", "trained")
    kept = tuple(c for c in columns if any(cells[c] != UNKNOWN for cells in told.values()))
    rows = tuple(
        (one.method, "yes" if one.exceeds is None else "no", *(told[one.method][c] for c in kept))
        for one in made.offers
    )
    return Table(
        title=f"{made.base} on {made.machine.title}, {NOT_RUN}",
        columns=("method", "fits", *kept),
        rows=rows,
        numeric=kept,
        note=_note(made),
    )


def _cells(made: MachinePlan, one: Offer) -> dict[str, str]:
    """Of a method that memory refuses only memory is told: it has no speed there."""
    job, room = made.job, made.machine.memory_gb * 1e9
    cells = {"memory": gigabytes(one.memory_bytes), "trained": _share(one, made)}
    if one.needed_bytes > room:
        return {**dict.fromkeys(("tokens/s", "M tokens", "hours", "money"), UNKNOWN), **cells}
    money = _money(made, one)
    return cells | {
        "tokens/s": f"{one.packed_rate:,.0f}",
        "M tokens": UNKNOWN if job.hours is None else f"{one.tokens_in(job.hours) / 1e6:.1f}",
        "hours": UNKNOWN if job.tokens is None else f"{one.seconds(job.tokens) / 3600:.2f}",
        "money": UNKNOWN if money is None else f"{money:.2f}",
    }


def _share(one: Offer, made: MachinePlan) -> str:
    share = one.trained / made.shape.parameters
    return "all" if share == 1 else f"{share:.3%}" if share >= 1e-5 else f"{share:.1e}"


def _otherwise(advice: tuple[Advice, ...]) -> Chapter:
    rows = tuple((one.choice, one.reason) for one in advice)
    return Chapter(
        title="Otherwise", tables=(Table(title="", columns=("do", "because"), rows=rows),)
    )


def _note(made: MachinePlan) -> str:
    within = "" if made.job.hours is None else f"M tokens: within {in_hours(made.job.hours)}. "
    return (
        f"{within}A method fits with a margin of memory. {made.machine.source}; share of that rate "
        f"that training reaches: {made.machine.reached:g}, {made.machine.reached_from}."
    )


def _memory_chapter(made: MachinePlan, best: Offer) -> Chapter:
    rows = tuple((name, f"{size / 1e9:.2f}") for name, size in best.parts.items())
    title = f"{title_of(made, best.method)}, {best.micro_tokens:,} tokens packed"
    return Chapter(
        title="Memory by part",
        tables=(Table(title=title, columns=("part", "GB"), rows=rows, numeric=("GB",)),),
    )


def _warnings(made: MachinePlan) -> tuple[str, ...]:
    if made.shape.parameters >= _SMALL:
        return ()
    count = counted(round(made.shape.parameters / 1e6), "million parameters", "million parameters")
    return (
        f"{count}: so small a model spends time outside of matrix products; published rows of 1.8 "
        "billion took up to twice as long as predicted, full tuning four times.",
    )


def _data(made: MachinePlan) -> MachinePlanData:
    return MachinePlanData(
        base=made.base,
        machine=made.machine_name,
        memory_gb=made.machine.memory_gb,
        row_tokens=made.job.row_tokens,
        rows=made.job.rows,
        epochs=made.job.epochs,
        methods=tuple(_method_data(made, one) for one in made.offers),
        advice=tuple(AdviceData(choice=one.choice, reason=one.reason) for one in made.advice),
        power=made.power,
    )


def _method_data(made: MachinePlan, one: Offer) -> MethodPlan:
    hours, tokens = made.job.hours, made.job.tokens
    return MethodPlan(
        method=one.method,
        fits=one.exceeds is None,
        exceeds=one.exceeds,
        memory_bytes=one.memory_bytes,
        memory_parts=one.parts,
        needed_bytes=one.needed_bytes,
        micro_batch_tokens=one.micro_tokens,
        tokens_per_second=one.packed_rate,
        unpacked_tokens_per_second=one.single_rate,
        tokens_in_hours=None if hours is None else one.tokens_in(hours),
        hours=None if tokens is None else one.seconds(tokens) / 3600,
        money=_money(made, one) if tokens is not None else None,
        trained_parameters=one.trained,
    )
