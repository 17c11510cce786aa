"""What each command answers a program: the `data` of `--json` and of an account in Python.

Shares and gains are raw, between -1 and 1; memory is in bytes, time in seconds, digests whole.
"""

import msgspec

from surpass.core.records.brought import Brought
from surpass.core.records.card import CardData, ExportData
from surpass.core.records.cycle import CollectData, CycleData
from surpass.core.records.dataset import Decision
from surpass.core.records.decisions import Extension, Seal
from surpass.core.records.diff import DiffData
from surpass.core.records.enough import EnoughData
from surpass.core.records.experiment import ExperimentData
from surpass.core.records.explanation import Explanation
from surpass.core.records.fairness import FairnessData
from surpass.core.records.label import ApplyData, LabelData
from surpass.core.records.mitigation import BiasMeasure
from surpass.core.records.packed import PackData
from surpass.core.records.planned import MachinePlanData, WorthData
from surpass.core.records.rate import RateData
from surpass.core.records.release import CheckedFile, ReleaseData, Tenure
from surpass.core.records.run import Evaluation, Run
from surpass.core.records.tokens import TokensData
from surpass.core.records.verdict import Gate, Outcome
from surpass.core.settings import OptionValue


class InitData(msgspec.Struct, frozen=True, kw_only=True):
    """`surpass init`: what was seen in the file."""

    rows: int  # of the file
    kind: str  # of the task: classify, extract, generate or code
    input: str  # the column that the model is given
    output: str  # the column that it must answer
    id: str | None  # the column that names a row; none: file and line do
    group: str | None  # the column of what belongs together
    time: str | None  # the column of when it came about
    slices: tuple[str, ...]  # columns whose values are judged apart


class FoundRow(msgspec.Struct, frozen=True, kw_only=True):
    """A row that shows a finding."""

    row: str  # its name
    partner: str | None  # the other row, where it takes two
    reason: str  # why it is shown
    proposal: str  # drop or fix where nothing is lost, else review
    column: str | None  # of a fix
    replacement: str | None  # of a fix


class Finding(msgspec.Struct, frozen=True, kw_only=True):
    """What one check found."""

    check: str  # its name, from the page of checks
    state: str  # clear, found or cannot tell
    severity: str  # error, fix, review or note
    examined: int  # rows that were looked at
    summary: str  # one sentence
    advice: str  # one sentence
    rows: tuple[FoundRow, ...]  # all of them, not only those that a terminal shows


class CheckData(msgspec.Struct, frozen=True, kw_only=True):
    """`surpass check`: every check's answer, in order of what it costs."""

    rows: int  # examples in force
    findings: tuple[Finding, ...]  # one for each check that ran


class FixData(msgspec.Struct, frozen=True, kw_only=True):
    """`surpass fix`: what was decided."""

    version: str  # digest of the examples in force afterwards
    rows_before: int  # examples
    rows_after: int  # examples
    decisions: tuple[Decision, ...]  # those made now
    measures: tuple[BiasMeasure, ...] = ()  # of --mitigate: the training rows before and after
    file: str | None = None  # of --mitigate collect and relabel: the list, relative to the project


class SplitData(msgspec.Struct, frozen=True, kw_only=True):
    """`surpass split`: how the rows were dealt out."""

    version: str  # digest of the examples
    block: str  # digest of the sealed test rows
    rows: dict[str, int]  # by side: train, valid, test
    groups: dict[str, int]  # by side
    joined_clusters: int  # clusters of near-duplicates that were kept on one side
    removed_rows: int  # training rows that valid or test would show
    labels: tuple[str, ...]  # of a classifier, or the keys of a record
    extension: Extension | None = None  # new rows that became the test just now


class GateChance(msgspec.Struct, frozen=True, kw_only=True):
    """What the test can prove of one criterion."""

    name: str  # such as "primary: macro_f1"
    chance: float  # of passing, if the hope is true


class PowerData(msgspec.Struct, frozen=True, kw_only=True):
    """What the test can prove, before anything is trained."""

    chance: float  # of PASS, all gates together, if the hope is true
    smallest_gain: float | None  # passes with 80 % chance; none: no gain does
    gates: tuple[GateChance, ...]  # primaries, and guards that must be proved


class SealData(msgspec.Struct, frozen=True, kw_only=True):
    """`surpass seal`: what stands in the ledger."""

    digest: str  # of the ledger's entry
    seal: Seal  # everything that may not be chosen after seeing test data
    power: PowerData  # of this test


class PlanData(msgspec.Struct, frozen=True, kw_only=True):
    """`surpass plan`: predictions for this machine."""

    fits: bool  # into the budget and the machine
    exceeds: str | None  # what it exceeds, in words
    seconds: float  # of training, all seeds
    evaluation_seconds: float | None  # of scoring the test; none: no baseline has been timed yet
    memory_bytes: int  # of the process at its peak
    memory_parts: dict[str, int]  # the same by part, bytes
    tokens: int  # of one epoch, prompts included
    epochs: float  # passes over the training rows
    steps: int  # of the optimiser
    trained_parameters: int  # numbers in the adapter
    all_parameters: int  # of the base and the adapter
    power: PowerData  # of this test


class TrainData(msgspec.Struct, frozen=True, kw_only=True):
    """`surpass train`: the finished run."""

    digest: str  # of the run
    adapter: str  # folder of the trained matrices
    run: Run  # losses, tokens, time, memory
    predicted_seconds: float | None  # by the plan, on this machine; none: it cannot be predicted
    predicted_memory_bytes: int | None  # the same


class MergeData(msgspec.Struct, frozen=True, kw_only=True):
    """`surpass merge`: files of the tuned model, and how far they are from what was judged."""

    folder: str  # where the files are
    form: str  # "adapter" or "merged"
    largest_difference: float | None = None  # of two scores of the vocabulary; none: not merged
    share_of_largest_score: float | None = None  # the same over the largest score
    same_tokens: int | None = None  # places where the likeliest token is the same
    tokens: int | None = None  # places compared


class EvaluateData(msgspec.Struct, frozen=True, kw_only=True):
    """`surpass evaluate`: every model on the validation rows."""

    metric: str  # of the first criterion
    opponent: str | None  # the best rung by it; none: one brought model was scored alone
    models: dict[str, Evaluation]  # by name of the rung, or `tuned`


class VerdictData(msgspec.Struct, frozen=True, kw_only=True):
    """`surpass verdict`, `report`, `go` and `demo`: the sealed criteria answered."""

    outcome: Outcome  # PASS, FAIL or INCONCLUSIVE
    gates: tuple[Gate, ...]  # every criterion, primaries first
    opponent: str  # the rung that had to be beaten
    surpassed_by: tuple[str, ...]  # rungs whose test score is not below the judged model's
    scores: dict[str, dict[str, float]]  # on the test: model -> metric -> value
    candidate_number: int  # how many candidates this test has judged, this one included
    alpha: float  # level in force
    declared: bool  # False: the criteria are the default, nobody declared them
    amendments: tuple[str, ...]  # reasons of all amendments, the oldest first
    verdict: str  # digest
    seal: str  # digest of the ledger's entry
    report: str | None = None  # path of the report, where one was written


class CompareData(msgspec.Struct, frozen=True, kw_only=True):
    """`surpass compare`: two models judged by their answers; nothing was sealed."""

    kind: str  # of the task, as the answers look
    rows: int  # that both models answered
    outcome: Outcome  # PASS, FAIL or INCONCLUSIVE
    gates: tuple[Gate, ...]  # every criterion, primaries first
    scores: dict[str, dict[str, float]]  # base and tuned: metric -> value
    alpha: float  # level in force


class StoredResult(msgspec.Struct, frozen=True, kw_only=True):
    """A result in the project's store."""

    stage: str  # dataset, split, run, evaluation, verdict, explanation and so on
    digest: str
    current: bool  # False: made by an older version


class LedgerLine(msgspec.Struct, frozen=True, kw_only=True):
    """An entry of the ledger."""

    digest: str
    at: str  # ISO 8601, UTC
    kind: str  # seal, opening or verdict
    what: str  # in words


class StatusData(msgspec.Struct, frozen=True, kw_only=True):
    """`surpass status`: what is done and what the ledger holds."""

    results: tuple[StoredResult, ...]
    ledger: tuple[LedgerLine, ...]  # the oldest first
    heads: tuple[str, ...]  # digests of the ledger's last entries
    verified: str | None  # what following the chain proved; none: it was not asked for
    champion: str | None = None  # the model that is live, `task@digest12`; none: nothing is
    champions: tuple[Tenure, ...] = ()  # all there ever were, the oldest first


class TrackedTo(msgspec.Struct, frozen=True, kw_only=True):
    """One tracker and what it was told."""

    tracker: str  # mlflow or wandb
    sent: int  # events, just now
    waiting: int  # events that it has not taken yet
    why_not: str  # why it did not take them; empty: it did


class TrackData(msgspec.Struct, frozen=True, kw_only=True):
    """`surpass track`: what trackers were told, and what waits for them."""

    trackers: tuple[TrackedTo, ...]


class SettingInForce(msgspec.Struct, frozen=True, kw_only=True):
    """One setting."""

    key: str  # such as "criteria.primary[1].margin"
    value: OptionValue | None  # null: not set
    origin: str  # surpass.toml or default


class ShowData(msgspec.Struct, frozen=True, kw_only=True):
    """`surpass show`: every setting in force."""

    settings: tuple[SettingInForce, ...]


DATA_OF: dict[str, type[msgspec.Struct]] = {
    "go": VerdictData,
    "demo": VerdictData,
    "verdict": VerdictData,
    "report": VerdictData,
    "init": InitData,
    "check": CheckData,
    "fix": FixData,
    "diff": DiffData,
    "export": ExportData,
    "card": CardData,
    "split": SplitData,
    "seal": SealData,
    "plan": PlanData,
    "plan --gpu": MachinePlanData,
    "worth": WorthData,
    "enough": EnoughData,
    "train": TrainData,
    "evaluate": EvaluateData,
    "explain": Explanation,
    "fairness": FairnessData,
    "adopt": Brought,
    "compare": CompareData,
    "label results": LabelData,
    "label apply": ApplyData,
    "rate results": RateData,
    "release": ReleaseData,
    "rollback": ReleaseData,
    "experiment status": ExperimentData,
    "experiment start": ExperimentData,
    "experiment ramp": ExperimentData,
    "experiment stop": ExperimentData,
    "release --check": CheckedFile,
    "track": TrackData,
    "pack": PackData,
    "unpack": PackData,
    "collect": CollectData,
    "retrain": CycleData,
    "status": StatusData,
    "show": ShowData,
    "show --tokens": TokensData,
}
"""The record of each command; commands that are not named here have none."""
