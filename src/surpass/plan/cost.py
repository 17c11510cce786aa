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
SCORES_AT_ONCE = 1 << 24  # scores of the vocabulary that are computed at a time (model/head.py)
_SCORE_BYTES = 12  # a score in float32, its share of the whole, and its gradient
_RUNTIME_BYTES = 1100 << 20  # interpreter, torch, its kernels, holes in the heap; Linux x86-64
# Share of the matrix-product rate that training reaches, measured on two AVX-512 cores with a 135M
# model: thin products and elementwise work take the rest, and weigh more the faster the others are.
_REACHED_SHARE = {"float32": 0.4, "bfloat16": 0.25}


class Work(msgspec.Struct, frozen=True, kw_only=True):
    """How much has to be computed."""

    tokens: int  # one epoch; what all prompts share counts once a step, as it is computed
    answer_tokens: int  # one epoch, those with loss
    steps: int  # of one epoch
    step_tokens: int  # of the largest step, what prompts share included
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
        tuning: Rank and targets decide the adapter's size.
        work: Token counts.
        number_type: Of weights and activations.
        rate: Matrix products this machine reaches, in floating-point operations a second.

    Raises:
        BadInput: no layer has the names in [tuning] targets.
    """
    size = NUMBER_BYTES[number_type]
    adapter = shape.adapter_parameters(tuning.rank, tuning.targets)
    if adapter == 0:
        raise BadInput(
            f"No linear layer of this base has the name {tuning.targets!r}.",
            fix='Set [tuning] targets = "all-linear", or names such as ["q_proj", "v_proj"].',
        )
    answers = work.step_tokens * work.answer_tokens / max(work.tokens, 1)  # tokens of one step
    parts = {
        "weights": shape.parameters * size,
        "adapters and optimiser": adapter * _ADAPTER_BYTES,
        "activations": work.step_tokens * kept_bytes(shape, tuning, number_type),
        "head": int(min(answers * shape.vocabulary, SCORES_AT_ONCE)) * _SCORE_BYTES,
        "runtime": _RUNTIME_BYTES,
    }
    reached = _REACHED_SHARE[number_type]
    return Cost(
        parts=parts,
        seconds=work.epochs * operations(shape, adapter, work) / (rate * reached),
        trained_parameters=adapter,
        all_parameters=shape.parameters + adapter,
        steps=max(1, round(work.epochs * work.steps)),
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


def operations(shape: Shape, adapter: int, work: Work) -> int:
    """Floating-point operations of one epoch, two for each product.

    The adapter's weights have gradients, all others do not. Attention itself is left out: rows are
    short beside the width of a model.
    """
    body = (4 * shape.linear_parameters + 6 * adapter) * work.tokens
    return body + 4 * shape.hidden * shape.vocabulary * work.answer_tokens


def kept_bytes(shape: Shape, tuning: Lora, number_type: str) -> int:
    """Bytes that one token leaves in all layers for the way back.

    In the model's number type what the gate multiplies, and of adapters their inputs and the thin
    products; a frozen layer without an adapter keeps nothing. In float32 on a base of any type the
    inputs of the norms, and of attention queries, keys, values (twice: behind what prompts share
    they are copied for each length) and its output.
    """
    own = NUMBER_BYTES[number_type]
    gate, thin = 3 * shape.feed_forward, tuning.rank * shape.adapted_layers(tuning.targets)
    exact = 2 * shape.hidden + 2 * shape.query + 4 * shape.key_value
    return (
        own * (shape.layers * gate + thin + shape.adapted_inputs(tuning.targets))
        + 4 * shape.layers * exact
    )
