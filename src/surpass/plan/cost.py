"""What training on this machine will need: bytes by part and seconds, from shapes and token counts.

Sources: the parts are those of Korthikanti et al. 2022 (arXiv:2205.05198) without attention
matrices, which are never stored here; operations a token as in Kaplan et al. 2020
(arXiv:2001.08361): two for each weight forward and two backward, since frozen weights get no
gradient.
"""

import msgspec

from surpass.core.errors import BadInput
from surpass.core.settings import Budget, Lora, Tuning
from surpass.plan.methods import FOUR_BIT_BYTES, Method, method_in, trained_parameters
from surpass.plan.shape import Shape

NUMBER_BYTES = {"float32": 4, "bfloat16": 2}
_STATE_BYTES = 16  # float32 weight, gradient and two Adam moments
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


def predict(shape: Shape, tuning: Tuning, work: Work, number_type: str, rate: float) -> Cost:
    """Predict one run.

    Args:
        shape: Of the base model.
        tuning: Method, rank and targets decide what is trained.
        work: Token counts.
        number_type: Of weights and activations; float32 where all weights are trained.
        rate: Matrix products this machine reaches, in floating-point operations a second.

    Raises:
        BadInput: no layer has the names in [tuning] targets.
        CannotTell: the method's sizes are not known before it is made.
    """
    method, trained = method_in(tuning), _trained(shape, tuning)
    number_type = "float32" if method.all_weights else number_type
    size = NUMBER_BYTES[number_type]
    answers = work.step_tokens * work.answer_tokens / max(work.tokens, 1)  # tokens of one step
    parts = {
        "weights": _weight_bytes(shape, method, size),
        "adapters and optimiser": trained * (_STATE_BYTES - (size if method.all_weights else 0)),
        "activations": work.step_tokens * kept_bytes(shape, tuning, number_type),
        "head": int(min(answers * shape.vocabulary, SCORES_AT_ONCE)) * _SCORE_BYTES,
        "runtime": _RUNTIME_BYTES,
    }
    done = full_operations(shape, work) if method.all_weights else operations(shape, trained, work)
    return Cost(
        parts=parts,
        seconds=work.epochs * done / (rate * _REACHED_SHARE[number_type]),
        trained_parameters=trained,
        all_parameters=shape.parameters + (0 if method.all_weights else trained),
        steps=max(1, round(work.epochs * work.steps)),
    )


def _trained(shape: Shape, tuning: Tuning) -> int:
    """Numbers that learn; of adapters those beside the layers that [tuning] targets names."""
    if not isinstance(tuning, Lora):
        return trained_parameters(method_in(tuning), shape)
    found = shape.adapter_parameters(tuning.rank, tuning.targets)
    if found == 0:
        raise BadInput(
            f"No linear layer of this base has the name {tuning.targets!r}.",
            fix='Set [tuning] targets = "all-linear", or names such as ["q_proj", "v_proj"].',
        )
    magnitudes = method_in(tuning).name == "dora"
    return found + (shape.adapted_outputs(tuning.targets) if magnitudes else 0)


def _weight_bytes(shape: Shape, method: Method, size: int) -> int:
    """Of the base; embedding and head are never quantised."""
    if not method.four_bit:
        return shape.parameters * size
    rest = shape.parameters - shape.linear_parameters
    return int(shape.linear_parameters * FOUR_BIT_BYTES) + rest * size


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


def full_operations(shape: Shape, work: Work) -> int:
    """The same where every weight has a gradient."""
    body = 6 * shape.linear_parameters * work.tokens
    return body + 6 * shape.hidden * shape.vocabulary * work.answer_tokens


def kept_bytes(shape: Shape, tuning: Tuning, number_type: str) -> int:
    """Bytes that one token leaves in all layers for the way back.

    In the model's number type what the gate multiplies, and of adapters their inputs and the thin
    products; a frozen layer without an adapter keeps nothing, one that is trained its input. In
    float32 on a base of any type the inputs of the norms, and of attention queries, keys, values
    (twice: behind what prompts share they are copied for each length) and its output.
    """
    own = NUMBER_BYTES[number_type]
    gate, thin, inputs = 3 * shape.feed_forward, 0, 0
    if isinstance(tuning, Lora):
        thin = tuning.rank * shape.adapted_layers(tuning.targets)
        inputs = shape.adapted_inputs(tuning.targets)
    elif method_in(tuning).all_weights:
        inputs = shape.adapted_inputs()
    exact = 2 * shape.hidden + 2 * shape.query + 4 * shape.key_value
    return own * (shape.layers * gate + thin + inputs) + 4 * shape.layers * exact
