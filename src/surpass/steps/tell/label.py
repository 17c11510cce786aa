"""What labelling says: the links, and what the answers amount to."""

from collections import Counter

from surpass.core.account import Account, Chapter, Fact, Table
from surpass.core.records.label import ApplyData, LabelData
from surpass.core.records.rating import Queue
from surpass.data.checks.annotation_quality import Options
from surpass.measure.agreement import Agreement
from surpass.people.adjudicate import ADJUDICATOR
from surpass.people.agreed import RowAnswers, meaning
from surpass.steps.labelling.results import LabelResults, Shared
from surpass.steps.tell.numbers import UNKNOWN, counted, minutes, percent
from surpass.steps.tell.rate_chapters import alpha_of, reading_of

_FEWEST_SHARED = 20  # rows of several people, below which agreement is hardly known
_SHOWN_DECISIONS = 20


def links_account(queue: Queue, addresses: dict[str, str], days: int) -> Account:
    """Personal links, shown once.

    Args:
        queue: The tasks.
        addresses: Annotator -> link; empty where links were made earlier.
        days: How long a link works.
    """
    rows = tuple(
        (person, addresses.get(person, "made earlier"), str(len(tasks)))
        for person, tasks in queue.tasks.items()
    )
    table = Table(
        title="Personal links", columns=("annotator", "link", "rows"), rows=rows, numeric=("rows",)
    )
    people = len(set(queue.tasks) - {ADJUDICATOR})
    whom = counted(people, "person", "people") if people else "One person"
    return Account(
        title="Label",
        headline=f"{whom} can label {counted(queue.eligible, 'row')} now ({_parts(queue)}).",
        text=(
            f"Give each person one link. It works for {days} days, and whoever has it can answer "
            "as that person. Links are shown this once; `--new-links` replaces them.",
            "Ctrl-C stops the server; the same command goes on, and the links keep working.",
        ),
        chapters=(Chapter(title="", tables=(table,)),),
        warnings=queue.notes,
        next_command="surpass label results",
    )


def _parts(queue: Queue) -> str:
    """How many rows came from where: "80 check:label_errors, 20 random"."""
    tasks = (task for tasks in queue.tasks.values() for task in tasks)
    why = {task.item: task.behind.stratum for task in tasks if task.purpose == "rate"}
    if not why:
        return queue.source
    return ", ".join(f"{count} {name}" for name, count in Counter(why.values()).most_common())


def stopped_account(answers: int) -> Account:
    """What is said when the server was stopped."""
    return Account(
        title="Label",
        headline=f"Stopped; {counted(answers, 'answer')} on disk.",
        text=("`surpass label start` goes on.",),
        next_command="surpass label results",
    )


def listening_account(address: str, every_seconds: int) -> Account:
    """What the operator enters in Label Studio."""
    return Account(
        title="Label",
        headline=f"A webhook may call {address} now.",
        text=(
            "In Label Studio: project, Settings, Webhooks: this address, the header "
            "X-Surpass-Secret with your SURPASS_HOOK_SECRET, no payload.",
            f"Without any call it is asked every {every_seconds:,} seconds. Ctrl-C stops.",
        ),
    )


def heard_account(pulls: int) -> Account:
    """What is said when listening was stopped."""
    return Account(
        title="Label",
        headline=f"Stopped after {counted(pulls, 'pull')}.",
        text=("What is new there comes with the next `surpass label pull`, too.",),
        next_command="surpass label results",
    )


def results_account(results: LabelResults, data: LabelData) -> Account:
    """Agreement first, then each person, then what people differ about."""
    agreement, shared = results.agreement, results.shared
    chapters = [_people_chapter(results), _days_chapter(results)]
    if results.contested:
        chapters.insert(1, _contested_chapter(results))
    open_rows = results.disputed - results.settled
    return Account(
        title="Labels",
        headline=_headline(results),
        facts=(
            Fact(
                label="agreement (Krippendorff's alpha)",
                value=alpha_of(agreement),
                note="not told of free text: other words are no disagreement"
                if results.free_text
                else _alpha_note(agreement),
            ),
            Fact(
                label="rows that all answered alike",
                value=percent(shared.share),
                note=_span(shared),
            ),
        ),
        chapters=tuple(chapters),
        warnings=_warnings(results),
        next_command="surpass label adjudicate" if open_rows else "surpass label apply",
        data=data,
    )


def _headline(results: LabelResults) -> str:
    people = counted(len(results.annotators), "person", "people")
    told = f"{counted(len(results.rows), 'row')} answered by {people}"
    if not results.shared.rows:
        return f"{told}; nobody answered the same row, so agreement is not known."
    differ = f"they differ on {results.disputed} of the {results.shared.rows} that several answered"
    settled = f", {results.settled} of them settled" if results.settled else ""
    return f"{told}; {differ}{settled}."


def _alpha_note(agreement: Agreement | None) -> str:
    if agreement is None or agreement.alpha is None:
        return reading_of(agreement)
    standard = Options()
    note = "firm" if agreement.alpha >= standard.firm else "tentative"
    if agreement.alpha < standard.tentative:
        note = "unclear: mend the guideline"
    if agreement.low is None or agreement.high is None:
        return note
    return f"95 %: {agreement.low:.2f} to {agreement.high:.2f}; {note}"


def _range(shared: Shared) -> str:
    if shared.bounds is None:
        return UNKNOWN
    low, high = shared.bounds
    return f"{percent(low)} to {percent(high)}"


def _span(shared: Shared) -> str:
    if not shared.rows:
        return "no row was answered by two people"
    return f"{counted(shared.rows, 'row')}; 95 %: {_range(shared)}"


def _warnings(results: LabelResults) -> tuple[str, ...]:
    found = []
    agreement, least = results.agreement, Options().tentative
    if agreement is not None and agreement.alpha is not None and agreement.alpha < least:
        found.append(
            f"People agree at {agreement.alpha:.2f}, below {least}: the guideline leaves room. "
            "Mend it and label again before you train on these answers."
        )
    if results.shared.rows < _FEWEST_SHARED and not results.free_text:
        found.append(
            f"Only {counted(results.shared.rows, 'row')} answered by several people; "
            f"{_FEWEST_SHARED} are needed for bounds on agreement ([labelling] overlap)."
        )
    return tuple(found)


def _people_chapter(results: LabelResults) -> Chapter:
    rows = tuple(
        (
            one.annotator,
            f"{one.answered} ({one.rejected} rejected)" if one.rejected else str(one.answered),
            str(one.skipped.total()),
            UNKNOWN if one.seconds is None else minutes(one.seconds),
            str(one.with_others.rows),
            percent(one.with_others.share),
            _range(one.with_others),
        )
        for one in results.annotators
    )
    table = Table(
        title="",
        columns=("annotator", "answered", "skipped", "a row", "shared", "alike", "95 % interval"),
        rows=rows,
        numeric=("answered", "skipped", "a row", "shared", "alike"),
        note="Alike: over the rows that others answered too, the mean share of them who say the "
        "same.",
    )
    skipped = sum((one.skipped for one in results.annotators), Counter[str]())
    reasons = tuple(
        f"Skipped {counted(count, 'time')}: {reason}." for reason, count in skipped.most_common(8)
    )
    return Chapter(title="Each person against the others", text=reasons, tables=(table,))


def _contested_chapter(results: LabelResults) -> Chapter:
    rows = tuple((row.row, _said(row), _settled(row)) for row in results.contested)
    table = Table(
        title="",
        columns=("row", "what people say", "settled"),
        rows=rows,
        excerpts=("what people say", "settled"),
        note=f"{results.disputed} in all" if results.disputed > len(rows) else "",
    )
    return Chapter(title="The most contested rows", tables=(table,))


def _said(row: RowAnswers) -> str:
    return "; ".join(f"{person}: {answer}" for person, answer in row.meanings.items())


def _settled(row: RowAnswers) -> str:
    return "not yet" if row.settled is None else meaning(row.settled)


def _days_chapter(results: LabelResults) -> Chapter:
    rows = tuple(
        (
            one.day,
            str(one.answers),
            str(one.shared.rows),
            percent(one.shared.share),
            _range(one.shared),
        )
        for one in results.days
    )
    table = Table(
        title="",
        columns=("day", "answers", "shared rows", "alike", "95 % interval"),
        rows=rows,
        numeric=("answers", "shared rows", "alike"),
        note="A shared row belongs to the day of its last answer.",
    )
    return Chapter(title="By day", tables=(table,))


def applied_account(data: ApplyData, *, sealed: bool) -> Account:
    """What `surpass label apply` did, and what it left out and why.

    Args:
        data: What became of the answers.
        sealed: Whether criteria and test are sealed already.
    """
    made = len(data.decisions)
    parts = [f"{counted(made, 'row')} of the data decided"]
    if data.file is not None:
        parts.append(f"{counted(data.new_rows, 'new row')} written to {data.file}")
    table = Table(
        title="",
        columns=("row", "decision", "answer", "reason"),
        rows=tuple((d.row, d.action, d.value or "", d.reason) for d in data.decisions)[
            :_SHOWN_DECISIONS
        ],
        excerpts=("answer",),
        note=f"{made} in all, in answers/decisions.jsonl" if made > _SHOWN_DECISIONS else "",
    )
    return Account(
        title="Label",
        headline="; ".join(parts) + ".",
        text=tuple(_told(data, sealed=sealed)),
        chapters=(Chapter(title="Decisions", tables=(table,)),) if made else (),
        next_command="surpass check",
        data=data,
    )


def _told(data: ApplyData, *, sealed: bool) -> list[str]:
    found = []
    if data.confirmed:
        found.append(
            f"{counted(data.confirmed, 'row holds', 'rows hold')} the answer that people give."
        )
    if data.decisions and data.by_side:
        sides = ", ".join(f"{count} of {side}" for side, count in data.by_side.items() if count)
        found.append(f"By the split before this: {sides}; every annotator of them was blind.")
    elif data.decisions:
        found.append("Rows are not split yet; the report says later what judged a model.")
    found += [
        f"Left out: {counted(count, 'row')} {reason}." for reason, count in data.left_out.items()
    ]
    if data.file is not None:
        found.append(f'To learn from the new rows add "{data.file}" to `train` under [data].')
    if sealed and (data.decisions or data.file is not None):
        found.append(
            "Criteria and test are sealed on the rows before: with these, run `surpass split` and "
            "`surpass seal --amend REASON`."
        )
    return found
