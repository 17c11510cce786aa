"""What `surpass watch` says: what needs a person first, then every number over time."""

from collections.abc import Iterator, Sequence

from surpass.core.account import Account, Chapter, Curve, Fact, Standing, Table
from surpass.core.records.signal import Alert, AlertEvent, Measure, WindowMeasures
from surpass.core.wording import counted
from surpass.monitor.alerting import silenced
from surpass.monitor.measures import ACCURACY, ESTIMATED
from surpass.monitor.message import cost_words, how_sure, title, to_do
from surpass.monitor.watching import ALL
from surpass.steps.tell.numbers import UNKNOWN, percent
from surpass.steps.watching.watch import Watched

_DRAWN = (ACCURACY, ESTIMATED, "confidence", "latency ms, 95 %", "cost", "answer tokens")
_AMOUNTS = ("latency", "cost", "answer tokens", "confidence")


def account_of(made: Watched) -> Account:
    """The account: it does not hold where a page goes on that nobody silenced."""
    loud = [one for one in made.data.alerts if not silenced(one.name, made.silenced)]
    return Account(
        title="Watch",
        headline=_headline(made, loud),
        standing=_standing(made, loud),
        text=_text(made),
        facts=_facts(made),
        chapters=tuple(_chapters(made, loud)),
        warnings=made.warnings,
        data=made.data,
    )


def silence_account(event: AlertEvent) -> Account:
    """What `surpass watch silence` says."""
    return Account(
        title="Silence",
        headline=f"Nobody is told of {event.name} until {event.until}.",
        text=(f"{event.who} wanted it: {event.reason}", "Signals are still written down."),
        next_command="surpass watch",
    )


def _standing(made: Watched, loud: Sequence[Alert]) -> Standing:
    if any(one.severity == "page" for one in loud):
        return Standing.DOES_NOT_HOLD
    return Standing.HOLDS if made.found.tested else Standing.CANNOT_TELL


def _headline(made: Watched, loud: Sequence[Alert]) -> str:
    pages = [one for one in loud if one.severity == "page"]
    if pages:
        more = "" if len(pages) == 1 else f", and {counted(len(pages) - 1, 'more page')}"
        return f"{title(pages[0])} since {pages[0].since}{more}."
    if not made.found.tested:
        return f"Drift could not be tested: {made.found.untested}"
    if loud:
        return f"No page. {counted(len(loud), 'notice')}: {title(loud[0]).lower()}."
    return "Nothing has changed beyond chance."


def _text(made: Watched) -> tuple[str, ...]:
    data, found = made.data, made.found
    budget = found.budget
    said = [
        f"Each window may give {budget.level:.3g} false notices on average, shared out over all "
        f"detectors; a page needs two windows running, or the floor's own evidence.",
    ]
    if found.floor is None:
        said.append("There is no floor: set [watch] floor, or label 100 requests of the reference.")
    else:
        said.append(f"Floor of accuracy: {percent(found.floor.share)}, {found.floor.origin}.")
    said += [f"Silenced: {', '.join(data.silenced)}."] * bool(data.silenced)
    said += [f"Over since the last pass: {', '.join(made.turn.resolved)}."] * bool(
        made.turn.resolved
    )
    said += [found.untested] * bool(found.untested and found.tested)
    return tuple(said)


def _facts(made: Watched) -> tuple[Fact, ...]:
    whole = _of_all(made)
    last = whole[-1]
    accuracy = _measure(last, ACCURACY) or _measure(last, ESTIMATED)
    facts = [
        Fact(
            label="requests watched",
            value=f"{sum(one.requests for one in whole):,}",
            note=f"{counted(len(whole), 'window')}, {whole[0].start[:10]} to {last.end[:10]}",
        )
    ]
    if accuracy is not None:
        facts.insert(
            0,
            Fact(
                label=f"{accuracy.name}, last window",
                value=percent(accuracy.estimate),
                note=_reach(accuracy),
            ),
        )
    return tuple(facts)


def _chapters(made: Watched, loud: Sequence[Alert]) -> Iterator[Chapter]:
    for one in loud:
        yield _alert(one)
    whole = _of_all(made)
    yield Chapter(
        title="Over time",
        text=("Windows count requests; the band is a 95 % interval that counts users.",),
        figures=tuple(_figures(made, whole)),
        tables=(_windows_table(whole),),
    )
    yield Chapter(
        title="The last window against the reference", tables=(_last_table(made, whole[-1]),)
    )
    if made.found.signals:
        yield Chapter(title="Signals by window", tables=(_signals_table(made),))
    slices = {one.view: one for one in made.found.measures if one.view != ALL}
    if slices:
        yield Chapter(title="Slices", tables=(_slices_table(slices),))


def _alert(alert: Alert) -> Chapter:
    """One alert so that whoever reads it can decide: change, since when, how sure, cost, to do."""
    signal = alert.signal
    tables = []
    if signal.terms:
        rows = tuple(
            (one.term, percent(one.before), percent(one.now), str(one.users))
            for one in signal.terms
        )
        numeric = ("users before", "users now", "how many")
        tables.append(
            Table(title="Words that rose", columns=("word", *numeric), rows=rows, numeric=numeric)
        )
    if signal.examples:
        tables.append(
            Table(
                title="Such requests, personal data masked",
                columns=("request",),
                rows=tuple((one,) for one in signal.examples),
                excerpts=("request",),
            )
        )
    return Chapter(
        title=f"{alert.severity.capitalize()}: {title(alert)}",
        text=(
            f"What: {signal.words}",
            f"Since: {alert.since}.",
            f"How sure: {how_sure(alert)}",
            f"Cost: {cost_words(signal.cost)}",
            f"To do: {to_do(alert)}",
            *(f"Also: {one.words}" for one in alert.also),
        ),
        tables=tuple(tables),
    )


def _figures(made: Watched, whole: Sequence[WindowMeasures]) -> Iterator[Curve]:
    for name in _DRAWN:
        found = [_measure(one, name) for one in whole]
        if len(whole) < 2 or all(one is None for one in found):
            continue
        lines: dict[str, tuple[float | None, ...]] = {
            name: tuple(None if one is None else one.estimate for one in found),
            "lower bound": tuple(None if one is None else one.low for one in found),
            "upper bound": tuple(None if one is None else one.high for one in found),
        }
        if name in {ACCURACY, ESTIMATED} and made.data.floor is not None:
            lines["floor"] = (made.data.floor,) * len(whole)
        yield Curve(
            title=f"{name.capitalize()} by window",
            x_label="window",
            y_label=name,
            x=tuple(float(one.number) for one in whole),
            lines=lines,
        )


def _windows_table(whole: Sequence[WindowMeasures]) -> Table:
    numeric = ("window", "requests", "users", ACCURACY, ESTIMATED)
    return Table(
        title="Windows",
        columns=("window", "from", "to", *numeric[1:]),
        rows=tuple(
            (
                str(one.number),
                one.start,
                one.end,
                str(one.requests),
                str(one.units),
                _cell(_measure(one, ACCURACY)),
                _cell(_measure(one, ESTIMATED)),
            )
            for one in whole
        ),
        numeric=numeric,
        note="Times are UTC. An estimate rests on confidence alone and holds until words change "
        "their meaning; labels check it.",
    )


def _signals_table(made: Watched) -> Table:
    rows = tuple(
        (
            str(one.window),
            one.start,
            one.kind,
            UNKNOWN if one.p is None else f"{one.p:.2g}",
            f"{one.level:.2g}",
            "yes" if one.confirmed else "no",
            one.words,
        )
        for one in made.found.signals
    )
    return Table(
        title="",
        columns=("window", "from", "kind", "p", "held against", "confirmed", "what"),
        rows=rows,
        numeric=("window", "p", "held against"),
        excerpts=("what",),
    )


def _last_table(made: Watched, last: WindowMeasures) -> Table:
    rows = []
    for one in last.measures:
        before = _measure(made.found.reference, one.name)
        rows.append((one.name, _cell(before), _cell(one), _reach(one), f"{one.rows:,}"))
    numeric = ("reference", "now", "interval", "requests")
    return Table(title="", columns=("measure", *numeric), rows=tuple(rows), numeric=numeric)


def _slices_table(last: dict[str, WindowMeasures]) -> Table:
    rows = []
    for view, window in last.items():
        told, guess = _measure(window, ACCURACY), _measure(window, ESTIMATED)
        rows.append((view, f"{window.requests:,}", _cell(told), _reach(told), _cell(guess)))
    numeric = ("requests", ACCURACY, "interval", ESTIMATED)
    return Table(
        title="Last window of each slice",
        columns=("slice", *numeric),
        rows=tuple(rows),
        numeric=numeric,
    )


def _of_all(made: Watched) -> list[WindowMeasures]:
    return [one for one in made.found.measures if one.view == ALL]


def _measure(window: WindowMeasures, name: str) -> Measure | None:
    return next((one for one in window.measures if one.name == name), None)


def _cell(one: Measure | None) -> str:
    return UNKNOWN if one is None else _number(one.name, one.estimate)


def _reach(one: Measure | None) -> str:
    if one is None or one.low is None or one.high is None:
        return UNKNOWN
    return f"{_number(one.name, one.low)} to {_number(one.name, one.high)}"


def _number(name: str, value: float) -> str:
    amount = name.startswith(_AMOUNTS) or not 0 <= value <= 1
    return f"{value:,.3g}" if amount else percent(value)
