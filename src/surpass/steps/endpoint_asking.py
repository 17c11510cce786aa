"""Put rows to a model behind an endpoint, within a project."""

import os

import polars as pl

from surpass.core import columns
from surpass.core.errors import BadInput
from surpass.core.progress import Named, Progress
from surpass.core.records.run import Environment
from surpass.core.settings.endpoint import Endpoint
from surpass.evaluate.endpoint import Asking, Message, Reply, ask_endpoint
from surpass.evaluate.predictions import Asked, given_predictions
from surpass.evaluate.shots import Shot, pick_shots
from surpass.model.turns import Asked as Question
from surpass.model.turns import asked_of, conversation
from surpass.steps.answer_recipe import EndpointRecipe
from surpass.steps.closed_sets import wording
from surpass.steps.ladder import endpoint_of
from surpass.steps.project import Project
from surpass.steps.split import SplitResult

_CAP_TOKENS = 512  # where [generation] max_new_tokens is "auto": its tokenizer is not known


def ask_over_network(
    project: Project,
    split: SplitResult,
    recipe: EndpointRecipe,
    rows: pl.DataFrame,
    progress: Progress,
) -> tuple[pl.DataFrame, Asked]:
    """Predictions of the model behind an endpoint, with its seconds, tokens and cost a row.

    Raises:
        BadInput: the key is missing, or the endpoint refuses.
        BadMachine: it cannot be reached.
    """
    endpoint, words = endpoint_of(project, recipe.model), wording(project, split.sides)
    seed = project.settings.split.seed
    shots = pick_shots(split.train, endpoint.shots, words.labels, seed) if endpoint.shots else []
    prompts = [_prompt(words.instruction, shots, asked) for asked in asked_of(rows)]
    cap = project.settings.generation.max_new_tokens
    asking = Asking(
        endpoint=endpoint,
        key=key_of(endpoint),
        cap_tokens=_CAP_TOKENS if cap == "auto" else cap,
        labels=recipe.labels,
        kept=project.objects.scratch(recipe) / "replies.jsonl",
    )
    told = Named(progress, f"{recipe.model} on {recipe.side}")
    replies = ask_endpoint(prompts, asking, told)
    given = pl.DataFrame([_answers(replies, recipe.labels), *_measured(replies, endpoint)])
    predictions = given_predictions(rows, given, project.settings.kind, recipe.labels)
    cut = pl.Series([reply.cut for reply in replies], dtype=pl.Boolean)
    status = pl.when(cut).then(pl.lit("truncated")).otherwise(pl.col(columns.STATUS))
    seconds = round(sum(reply.seconds for reply in replies), 2)
    tokens = sum(reply.in_tokens or 0 for reply in replies)
    asked = Asked("greedy, by the endpoint", seconds, tokens, _environment(endpoint))
    return predictions.with_columns(status.alias(columns.STATUS)), asked


def _prompt(instruction: str, shots: list[Shot], question: Question) -> tuple[Message, ...]:
    """As the template has it; what a tool returned is the user's, for an endpoint asks its id."""
    last = conversation(question, knows_tool=False)
    told = "\n\n".join(filter(None, (instruction, last.background)))
    turns = [Message("system", told)]
    for asked, answer in shots:
        solved = conversation(asked, knows_tool=False)
        said = [Message(one["role"], one["content"]) for one in solved.said]
        if solved.background:
            said[0] = Message(said[0].role, f"{solved.background}\n\n{said[0].content}")
        turns += [*said, Message("assistant", answer)]
    return (*turns, *(Message(one["role"], one["content"]) for one in last.said))


def key_of(endpoint: Endpoint) -> str | None:
    """The key from the environment; none where the endpoint needs none.

    Raises:
        BadInput: the variable that should hold it is not set.
    """
    if endpoint.key_env is None:
        return None
    key = os.environ.get(endpoint.key_env)
    if not key:
        raise BadInput(
            f"The environment variable {endpoint.key_env} with the key of {endpoint.url} is not "
            "set.",
            fix=f"Set it: export {endpoint.key_env}=…",
        )
    return key


def _answers(replies: list[Reply], labels: tuple[str, ...]) -> pl.Series:
    """Texts; a label in other letters or with a full stop is still that label."""
    known = {label.casefold(): label for label in labels}
    texts = [reply.text.strip() for reply in replies]
    plain = [known.get(text.casefold().rstrip(". "), text) for text in texts]
    return pl.Series(columns.ANSWER, plain, dtype=pl.String)


def _measured(replies: list[Reply], endpoint: Endpoint) -> list[pl.Series]:
    return [
        pl.Series(columns.SECONDS, [reply.seconds for reply in replies], dtype=pl.Float64),
        pl.Series(columns.IN_TOKENS, [reply.in_tokens for reply in replies], dtype=pl.Int64),
        pl.Series(columns.OUT_TOKENS, [reply.out_tokens for reply in replies], dtype=pl.Int64),
        pl.Series(columns.COST, [cost_of(reply, endpoint) for reply in replies], dtype=pl.Float64),
    ]


def cost_of(reply: Reply, endpoint: Endpoint) -> float | None:
    """Price of one answer; unknown where a price or a count of tokens is."""
    parts = (
        (reply.in_tokens, endpoint.input_price),
        (reply.out_tokens, endpoint.output_price),
    )
    total = 0.0
    for tokens, price in parts:
        if tokens is None or price is None:
            return None
        total += tokens * price / 1e6
    return total


def _environment(endpoint: Endpoint) -> Environment:
    """Two models behind one endpoint were answered by one engine."""
    return Environment(
        number_type="unknown",
        device="endpoint",
        torch="",
        transformers="",
        machine=endpoint.url,
        threads=0,
    )
