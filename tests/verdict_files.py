"""A verdict file as it could be, for tests that bend it."""

from surpass.core.records.verdict import Bounds, Gate, Outcome
from surpass.core.records.verdict_file import (
    Approval,
    Cost,
    DataStatement,
    Decided,
    Digests,
    Integrity,
    SealedBefore,
    VerdictFile,
)
from surpass.core.settings import Criteria, Primary


def gate(low=0.1, high=0.3, margin=0.05, outcome=Outcome.PASS, role="primary", level="proved"):
    bounds = Bounds(
        estimate=0.2, low=low, high=high, low_level=0.025, high_level=0.05,
        method="bootstrap by group", items=100, groups=80,
    )  # fmt: skip
    return Gate(
        name=f"{role}: accuracy", role=role, metric="accuracy", margin=margin, bounds=bounds,
        outcome=outcome, sentence="", level=level, against="zero-shot",
    )  # fmt: skip


def statement(gates=None, outcome="PASS", forced=None, candidate_number=1):
    gates = (gate(),) if gates is None else gates
    decided = Decided(
        verdict="v" * 64, at="2026-11-01T00:00:00+00:00", outcome=outcome, headline="It is.",
        opponent="zero-shot", surpassed_by=(), candidate_number=candidate_number,
        alpha=0.05 / (candidate_number * (candidate_number + 1)), gates=gates, notes=(),
    )  # fmt: skip
    sealed = SealedBefore(
        seal="s" * 64, at="2026-10-01T00:00:00+00:00",
        criteria=Criteria(primary=(Primary(metric="accuracy", margin=0.05),)),
        declared=True, amendments=(), test_rows=100, test_groups=80,
    )  # fmt: skip
    digests = Digests(
        model="a" * 64, content="c" * 64, base="b" * 64, instruction="i" * 64, data="d" * 64,
        split="e" * 64, test="f" * 64, evaluations={}, ledger=("h" * 64,),
    )  # fmt: skip
    return VerdictFile(
        format="surpass-verdict/1",
        model=f"small@{'a' * 12}",
        decided=decided,
        sealed=sealed,
        digests=digests,
        data=DataStatement(files=(), rows={}, groups={}, decisions=0, removed_rows=0),
        scores={"tuned": {"accuracy": 0.8}},
        integrity=Integrity(
            trained_here=True, end_token_trained=True, padded=False, left_out=0,
            changed_on_valid=9, valid_rows=50, environment=None,
        ),
        errors=None,
        fairness=(),
        cost=Cost(
            training_seconds=1.0, training_memory_bytes=1, training_tokens=1, test_seconds=1.0,
            price_per_hour=None, training_money=None,
        ),
        approval=Approval(by="Ann", forced=forced),
    )  # fmt: skip
