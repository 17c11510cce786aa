"""What one training attempt left, and what one evaluation saw."""

import msgspec


class Environment(msgspec.Struct, frozen=True, kw_only=True):
    """Where numbers were made. A verdict refuses two evaluations whose environments differ."""

    number_type: str  # "float32" or "bfloat16"
    device: str  # "cpu", "cuda", "mps"
    torch: str
    transformers: str
    machine: str  # processor
    threads: int
    padded: bool = False  # True: rows padded, not side by side in one row


class LearnedPairs(msgspec.Struct, frozen=True, kw_only=True):
    """What learning from pairs of answers did to the pairs of the validation rows.

    The margin of a pair is beta times how much more the chosen answer's log-probability grew than
    the rejected one's, since the base: DPO's implicit reward. Before training it is 0.
    """

    objective: str  # "dpo", "kto" or "orpo"
    valid_pairs: int
    margins: tuple[float, ...] = ()  # mean over the validation pairs, after each epoch
    won: tuple[float, ...] = ()  # share of them whose margin is above 0, after each epoch


class Run(msgspec.Struct, frozen=True, kw_only=True):
    """One training attempt that ended well."""

    base: str  # digest
    steps: int
    rows: int
    left_out: tuple[str, ...]  # rows longer than max_tokens
    tokens: int  # trained on, all epochs, prompt included
    answer_tokens: int  # of those, with loss
    trained_parameters: int
    all_parameters: int
    seconds: float
    peak_memory_bytes: int
    first_loss: float
    last_loss: float  # mean of the last tenth of the steps
    valid_loss: tuple[float, ...]  # after each epoch, nats per answer token, or a pair's objective
    best_step: int
    padded: bool  # True: this architecture is trained padded, not flattened
    end_token_trained: bool
    environment: Environment
    pairs: LearnedPairs | None = None  # none: trained on answers, not on pairs of them


class Evaluation(msgspec.Struct, frozen=True, kw_only=True):
    """One model's scores on one split; its answers are in predictions.parquet beside it."""

    model: str  # "tuned", "zero-shot", "few-shot", "linear"
    side: str  # "valid" or "test"
    rows: int
    scores: dict[str, float]  # metric name -> value
    unreadable: int
    truncated: int
    scoring: str  # how labels were scored: "sum", "mean", "calibrated sum", …; or "greedy"
    seconds: float
    prompt_tokens: int
    environment: Environment | None  # none: no language model was run
    left_out_scores: tuple[str, ...] = ()  # metrics that could not be computed, with the reason


class NoiseFloor(msgspec.Struct, frozen=True, kw_only=True):
    """What asking one model the same rows in other batches changes: an engine's own noise."""

    model: str
    rows: int
    changed: int  # answers that are not the same to the letter
    metric: str  # of the first criterion
    first: float | None  # its value over these rows; none: cannot be computed on them
    second: float | None  # the same in other batches


class MeasuredLoss(msgspec.Struct, frozen=True, kw_only=True):
    """One model's loss on given texts; each text's is in losses.parquet beside it."""

    model: str  # "base", "tuned" or "adopted:NAME"
    texts: int
    tokens: int  # scored
    loss: float | None  # mean over texts, nats per token; none: it is no number
    seconds: float
    environment: Environment
