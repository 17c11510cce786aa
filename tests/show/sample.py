"""A realistic account: the verdict on a model that files the tickets of an invented provider."""

import json

import msgspec

from surpass.core.account import (
    Account,
    Chapter,
    Curve,
    Fact,
    Interval,
    IntervalChart,
    Matrix,
    Pair,
    Standing,
    Table,
)

LABELS = (
    "outage",
    "slow_connection",
    "wrong_bill",
    "payment_problem",
    "cancel",
    "move_home",
    "change_plan",
    "engineer_visit",
    "equipment",
    "account_access",
)

_COUNTS = (
    (58, 3, 0, 0, 0, 0, 0, 1, 2, 0),
    (4, 39, 0, 0, 0, 0, 1, 0, 1, 0),
    (0, 0, 47, 5, 0, 0, 1, 0, 0, 0),
    (0, 0, 3, 36, 0, 0, 0, 0, 0, 1),
    (0, 1, 1, 0, 28, 1, 2, 0, 0, 0),
    (0, 0, 0, 0, 0, 31, 1, 0, 0, 0),
    (0, 0, 1, 0, 2, 0, 34, 0, 0, 0),
    (2, 0, 0, 0, 0, 1, 0, 29, 1, 0),
    (5, 1, 0, 0, 0, 0, 0, 2, 33, 0),
    (0, 0, 0, 2, 0, 0, 0, 0, 0, 32),
)


def read_back(text: str) -> Account:
    """The account that was printed as JSON, without its data."""
    told = json.loads(text)
    return msgspec.convert({**told, **told["page"], "data": None}, Account)


def sample_account() -> Account:
    """The whole account."""
    return Account(
        title="Verdict on ticket-triage, 412 sealed rows of 310 customers",
        headline=(
            "PASS: the tuned model surpasses few-shot by 12.4 points of field F1, "
            "and by at least 7.1 at the sealed level."
        ),
        standing=Standing.HOLDS,
        text=(
            "You declared a gain of more than 5 points before training. All three gates hold. "
            "The test rows were sealed on 3 March 2026 and opened once.",
        ),
        facts=_facts(),
        chapters=(_gates(), _ladder(), _errors(), _fields(), _rows(), _training(), _lineage()),
        warnings=(
            "Tickets by telephone gain least: 3.1 points, and the lower bound is -1.9.",
            "7 answers of the base could not be read and count as wrong.",
        ),
        next_command="surpass release run-20260303-1412",
    )


def _facts() -> tuple[Fact, ...]:
    return (
        Fact(label="Is it better?", value="Yes", note="than the best of 3 baselines"),
        Fact(label="By how much?", value="+12.4 points", note="field F1, 0.687 to 0.811"),
        Fact(label="How sure?", value="≥ +7.1", note="lower bound at 2.5 %, by customer"),
        Fact(label="Where is it worse?", value="Nowhere", note="weakest: phone, +3.1 points"),
        Fact(label="What did it cost?", value="38 min", note="on 2 cores, 3.1 GB of memory"),
    )


def _gates() -> Chapter:
    gain = IntervalChart(
        title="Gain over few-shot, with what was declared before training",
        unit="gain in field F1",
        intervals=(
            Interval(label="primary: field F1", estimate=0.124, low=0.071, high=0.177, role="gain"),
            Interval(label="guard: intent accuracy", estimate=0.031, low=-0.012, high=0.074),
            Interval(label="guard: phone tickets", estimate=0.031, low=-0.019, high=0.083),
        ),
        line=0.05,
        line_label="declared margin",
    )
    gates = Table(
        title="Gates",
        columns=("gate", "outcome", "estimate", "lower bound", "must exceed", "level"),
        rows=(
            ("primary: field F1 against few-shot", "PASS", "+0.124", "+0.071", "+0.050", "proved"),
            ("guard: intent accuracy", "PASS", "+0.031", "-0.012", "-0.050", "no harm shown"),
            ("guard: field F1, channel = phone", "PASS", "+0.031", "-0.019", "-0.050", "proved"),
        ),
        numeric=("estimate", "lower bound", "must exceed"),
        note="Bounds by bootstrap over 310 customers, 10,000 draws, seed 0.",
    )
    return Chapter(title="The gates", tables=(gates,), figures=(gain,))


def _ladder() -> Chapter:
    chart = IntervalChart(
        title="Field F1 of every rung and of the tuned model",
        unit="field F1 on the sealed test",
        intervals=(
            Interval(label="tuned", estimate=0.811, low=0.778, high=0.842, role="tuned"),
            Interval(
                label="few-shot (opponent)", estimate=0.687, low=0.648, high=0.724, role="opponent"
            ),
            Interval(label="zero-shot", estimate=0.402, low=0.364, high=0.441, role="rung"),
            Interval(label="linear on words", estimate=0.655, low=0.617, high=0.692, role="rung"),
        ),
    )
    scores = Table(
        title="Scores on the test",
        columns=("model", "field F1", "intent accuracy", "whole record", "unreadable", "s / row"),
        rows=(
            ("tuned", "0.811", "0.891", "0.541", "0", "0.42"),
            ("few-shot", "0.687", "0.860", "0.318", "7", "1.38"),
            ("zero-shot", "0.402", "0.517", "0.066", "61", "0.44"),
            ("linear on words", "0.655", "0.842", "0.291", "0", "0.001"),
        ),
        numeric=("field F1", "intent accuracy", "whole record", "unreadable", "s / row"),
    )
    text = "The opponent was picked on the validation rows: few-shot, five solved examples."
    return Chapter(
        title="The ladder of baselines", text=(text,), tables=(scores,), figures=(chart,)
    )


def _errors() -> Chapter:
    matrix = Matrix(
        title="Intents of the tuned model",
        row_label="expected",
        column_label="answered",
        names=LABELS,
        counts=_COUNTS,
    )
    return Chapter(title="Where it errs", figures=(matrix,))


def _fields() -> Chapter:
    rows = (
        ("intent", "412", "0.860", "0.891", "+0.031"),
        ("product", "337", "0.744", "0.838", "+0.094"),
        ("since", "121", "0.421", "0.702", "+0.281"),
        ("amount", "96", "0.708", "0.865", "+0.157"),
        ("wants", "301", "0.611", "0.748", "+0.137"),
    )
    table = Table(
        title="F1 of each field",
        columns=("field", "rows with it", "few-shot", "tuned", "gain"),
        rows=rows,
        numeric=("rows with it", "few-shot", "tuned", "gain"),
    )
    regions = Table(
        title="Field F1 by region",
        columns=("region", "rows", "few-shot", "tuned"),
        rows=tuple(
            (f"region {index:02d}", str(9 + index), f"0.{650 + index}", f"0.{790 + 2 * index}")
            for index in range(1, 25)
        ),
        numeric=("rows", "few-shot", "tuned"),
        note="Described, not tested: no gate was declared by region.",
    )
    return Chapter(title="By field and region", tables=(table, regions))


def _rows() -> Chapter:
    refund = {"since": "3 march", "amount": 34.5}
    fibre = {"product": "fibre", "since": "this morning", "wants": "callback"}
    moved = {"intent": "move_home", "since": "friday", "wants": "change"}
    pod = {"product": "wifi", "wants": "replacement"}
    pack = {"intent": "wrong_bill", "product": "tv", "amount": 12}
    return Chapter(
        title="Won and lost rows",
        text=("Six rows of the validation side; the test rows stay sealed.",),
        pairs=(
            Pair(
                row="tickets:1043",
                asked="Hi, I was charged £34.50 twice since 3 March. Please send one back.",
                expected=_record({"intent": "payment_problem", **refund, "wants": "refund"}),
                base=_record({"intent": "wrong_bill", **refund}),
                tuned=_record({"intent": "payment_problem", **refund, "wants": "refund"}),
                won=True,
            ),
            Pair(
                row="tickets:0211",
                asked="No internet at all this morning.\nThe box blinks red.\nCan you ring me?",
                expected=_record({"intent": "outage", **fibre}),
                base="Sure! Here is the JSON you asked for: intent is outage.",
                tuned=_record({"intent": "outage", **fibre}),
                won=True,
            ),
            Pair(
                row="tickets:0872",
                asked="We move to 14 Larch Road on Friday, the line should come along.",
                expected=_record({**moved, "product": "fibre"}),
                base=_record({"intent": "move_home", "wants": "information"}),
                tuned=_record(moved),
                won=True,
            ),
            Pair(
                row="tickets:0419",
                asked="The pod upstairs is dead, I would like another one.",
                expected=_record({"intent": "equipment", **pod}),
                base=_record({"intent": "equipment", **pod}),
                tuned=_record({"intent": "outage", **pod}),
                won=False,
            ),
            Pair(
                row="tickets:1310",
                asked="Why do I pay £12 for a TV pack I never ordered?",
                expected=_record({**pack, "wants": "information"}),
                base=_record({**pack, "wants": "information"}),
                tuned=_record({**pack, "wants": "refund"}),
                won=False,
            ),
            Pair(
                row="tickets:0077",
                asked="Password reset mail never arrives.",
                expected=_record({"intent": "account_access", "wants": "repair"}),
                base=_record({"intent": "account_access", "product": "email"}),
                tuned=_record({"intent": "account_access", "product": "email"}),
                won=None,
            ),
        ),
    )


def _record(fields: dict[str, object]) -> str:
    return json.dumps(fields, separators=(",", ":"))


def _training() -> Chapter:
    curve = Curve(
        title="Loss while training",
        x_label="step",
        y_label="nats per answer token",
        x=(0, 40, 80, 120, 160, 200, 240),
        lines={
            "train": (2.41, 1.38, 0.91, 0.72, 0.61, 0.55, 0.52),
            "valid": (2.44, None, 0.97, None, 0.74, None, 0.71),
        },
    )
    return Chapter(title="The training", figures=(curve,))


def _lineage() -> Chapter:
    table = Table(
        title="Everything this verdict rests on",
        columns=("what", "digest", "note"),
        rows=(
            ("dataset", "9f86d081884c7d65", "2,744 rows, 3 files, 14 decisions"),
            ("split", "60303ae22b998861", "412 test rows in 310 groups, 0 leaks"),
            ("seal", "fd61a03af4f77d87", "declared 3 March 2026, never amended"),
            ("base", "4e07408562bedb8b", "smollm2-135m-q4"),
            ("run", "ef2d127de37b942b", "LoRA rank 8, 2 epochs, seed 0"),
            ("verdict", "e7f6c011776e8db7", "first candidate on this block"),
            ("ledger head", "b17ef6d19c7a5b1e", "12 entries"),
        ),
    )
    return Chapter(title="Lineage", tables=(table,))
