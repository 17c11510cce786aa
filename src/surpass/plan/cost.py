"""What LoRA training will need: bytes by part and seconds, from shapes and token counts.

Sources: the parts are those of Korthikanti et al. 2022 (arXiv:2205.05198) without attention
matrices, which are never stored here; operations a token as in Kaplan et al. 2020
(arXiv:2001.08361): two for each weight forward and two backward, since frozen weights get no
gradient.
"""

import msgspec

from surpass.core.errors import BadInput
from surpass.core.settings import Budget, Lora
from surpass.plan.shape import Shape

NUMBER_BYTES = {"float32": 4, "bfloat16": 2}
_ADAPTER_BYTES = 16  # float32 weight, gradient and two Adam moments
_RUNTIME_BYTES = 1100 << 20  # interpreter, torch, its kernels, holes in the heap; Linux x86-64
# Share of the matrix-product rate that training reaches, measured on two AVX-512 cores with a 135M
# model: thin products and elementwise work take the rest, and weigh more the faster the others are.
_REACHED_SHARE = {"float32": 0.4, "bfloat16": 0.25}


class Work(msgspec.Struct, frozen=True, kw_only=True):
    """How much has to be computed."""

    tokens: int  # one epoch, prompts included
    answer_tokens: int  # one epoch, those with loss
    batch_tokens: int  # of one step
    epochs: float


class Cost(msgspec.Struct, frozen=True, kw_only=True):
    """The prediction; memory by part in bytes, time in seconds."""

    parts: dict[str, int]
    seconds: float
    trained_parameters: int
    all_parameters: int
    steps: int

    @property
    def memory_bytes(self) -> int:
        """Peak of the whole process."""
        return sum(self.parts.values())


def predict(shape: Shape, tuning: Lora, work: Work, number_type: str, rate: float) -> Cost:
    """Predict one LoRA run.

    Args:
        shape: Of the base model.
        tuning: Rank decides the adapter's size.
        work: Token counts.
        number_type: Of weights and activations.
        rate: Matrix products this machine reaches, in floating-point operations a second.
    """
    size = NUMBER_BYTES[number_type]
    adapter = shape.adapter_parameters(tuning.rank)
    share = work.answer_tokens / max(work.tokens, 1)
    per_token = shape.layers * _kept_per_layer(shape, size)
    parts = {
        "weights": shape.parameters * size,
        "adapters and optimiser": adapter * _ADAPTER_BYTES,
        "activations": work.batch_tokens * per_token,
        "head": int(work.batch_tokens * share) * shape.vocabulary * 12,
        "runtime": _RUNTIME_BYTES,
    }
    body = 4 * (shape.linear_parameters + adapter) * work.tokens
    head = 4 * shape.hidden * shape.vocabulary * work.answer_tokens
    return Cost(
        parts=parts,
        seconds=work.epochs * (body + head) / (rate * _REACHED_SHARE[number_type]),
        trained_parameters=adapter,
        all_parameters=shape.parameters + adapter,
        steps=max(1, round(work.epochs * work.tokens / work.batch_tokens)),
    )


def excess(
    cost: Cost, budget: Budget, memory_bytes: int, scoring_seconds: float = 0.0
) -> str | None:
    """What of machine or budget the prediction exceeds, in words; None where it fits.

    Args:
        cost: Of training.
        budget: What was declared.
        memory_bytes: What the machine has; counts where no memory is declared.
        scoring_seconds: Time until the verdict, after training.

    Raises:
        BadInput: a budget of money without a price of an hour.
    """
    seconds, price = cost.seconds + scoring_seconds, budget.price_per_hour
    allowed = memory_bytes / 1e9 if budget.memory_gb is None else budget.memory_gb
    if cost.memory_bytes > allowed * 1e9:
        return f"{cost.memory_bytes / 1e9:.1f} GB of memory; there are {allowed:.3g} GB"
    if budget.hours is not None and seconds > budget.hours * 3600:
        return f"{seconds / 3600:.1f} hours; the budget is {budget.hours:g} hours"
    if budget.money is not None and price is None:
        raise BadInput("[budget] has money but no price_per_hour.", fix="Add price_per_hour.")
    money = seconds / 3600 * (price or 0.0)
    if budget.money is not None and money > budget.money:
        return f"{money:.2f} of money; the budget is {budget.money:g}"
    return None


def _kept_per_layer(shape: Shape, size: int) -> int:
    """Bytes that one token leaves in one layer for the way back, LoRA on every linear layer.

    Inputs of norms, attention and the gate in the model's number type; inputs of the adapters once
    more in float32, since adapters are float32 on a base of any type.
    """
    kept = 4 * shape.hidden + 2 * shape.query + 2 * shape.key_value + 4 * shape.feed_forward
    copies = 0 if size == 4 else 4 * (2 * shape.hidden + shape.query + shape.feed_forward)
    return kept * size + copies
