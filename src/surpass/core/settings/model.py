"""[model], [training], [generation], [ladder]: the base and what is done with it."""

from typing import Annotated, Literal

import msgspec
from msgspec import UNSET, Meta, UnsetType

from surpass.core.settings.endpoint import Endpoint
from surpass.core.settings.objective import Pairs
from surpass.core.settings.section import Auto, Count, Section, Share


class Model(Section, frozen=True, kw_only=True):
    """The base model: a name we know, a folder, or a hub id."""

    base: str = "smollm2-135m-q4"  # the one built in; it needs no hub


LossOn = Literal["answer", "assistant"]


class Training(Section, frozen=True, kw_only=True):
    """How long and how fast to learn."""

    epochs: Annotated[float, Meta(gt=0, le=100)] = 2.0  # passes over the training rows
    learning_rate: Annotated[float, Meta(gt=0, lt=1)] | Auto = "auto"  # at its highest
    batch_tokens: Count | Auto = "auto"  # tokens of one optimiser step, before rounding to rows
    max_tokens: Count | Auto = "auto"  # longest row, prompt and answer; longer rows are left out
    warmup_share: Annotated[float, Meta(ge=0, lt=1)] = 0.05  # share of the steps
    weight_decay: Annotated[float, Meta(ge=0)] = 0.0  # of AdamW
    clip_norm: Annotated[float, Meta(gt=0)] = 1.0  # longest gradient of one step
    number_type: Literal["auto", "float32", "bfloat16"] = "auto"  # auto: probed on this machine
    seed: Annotated[int, Meta(ge=0)] = 0  # of the adapter's start and the order of rows
    # Unset and not none: a run's name is made of what is written; runs without them keep theirs.
    most_left_out: Share | UnsetType = UNSET  # of the rows, as too long; a tenth if left out
    loss_on: LossOn | UnsetType = UNSET  # assistant: also on earlier answers of a conversation
    pairs: Pairs | UnsetType = UNSET  # learn from pairs of a better and a worse answer


class Generation(Section, frozen=True, kw_only=True):
    """How answers are written; always greedy, so that the same model answers the same."""

    max_new_tokens: Count | Auto = "auto"  # auto: the longest training answer and a quarter more
    batch_rows: Count = 64  # answered at once; of labels as many tokens as 64 a row


class Ladder(Section, frozen=True, kw_only=True):
    """Which baselines the tuned model must beat."""

    rungs: tuple[str, ...] = (
        "zero-shot",
        "few-shot",
        "linear",
    )  # or retrieved, file:…, adopted:…, endpoint:…
    shots: Count = 5  # solved examples in the few-shot prompt; at least one a label up to 12
    endpoints: dict[str, Endpoint] = msgspec.field(default_factory=dict)  # models elsewhere
