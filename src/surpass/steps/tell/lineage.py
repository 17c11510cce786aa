"""Where a verdict comes from: rows, run, integrity, and the digests that name them."""

from surpass.core.account import Chapter, Curve, Table
from surpass.core.digest import short
from surpass.core.records.brought import ENDPOINT
from surpass.core.records.dataset import Sides, Version
from surpass.core.records.run import NoiseFloor, Run
from surpass.steps.bring import ELSEWHERE
from surpass.steps.evaluate import Evaluated
from surpass.steps.project import Project
from surpass.steps.tell.history import tests_table
from surpass.steps.tell.numbers import counted, gigabytes, minutes, percent, points
from surpass.steps.train import RunResult
from surpass.steps.verdict import Judged
from surpass.store.brought import brought_models


def run_chapter(run: Run) -> Chapter:
    """What training did and what it cost."""
    rate = run.tokens / run.seconds if run.seconds else 0.0
    rows = (
        ("steps", f"{run.steps:,}; the best one was {run.best_step:,}"),
        ("rows", f"{run.rows:,}; {counted(len(run.left_out), 'longer row')} left out"),
        ("tokens", f"{run.tokens:,}, of which {run.answer_tokens:,} answers with loss"),
        ("speed", f"{rate:,.0f} tokens a second; what prompts share is computed once a step"),
        ("time", minutes(run.seconds)),
        ("memory", f"{gigabytes(run.peak_memory_bytes)} at the peak"),
        ("loss", f"{run.first_loss:.3f} at first, {run.last_loss:.3f} at last"),
        (
            "trained",
            f"{run.trained_parameters:,} of {run.all_parameters:,} parameters "
            f"({run.trained_parameters / run.all_parameters:.2%})",
        ),
    )
    curve = Curve(
        title="Loss on valid after each epoch",
        x_label="epoch",
        y_label="nats a token",
        x=tuple(float(i + 1) for i in range(len(run.valid_loss))),
        lines={"valid": tuple(run.valid_loss)},
    )
    return Chapter(
        title="Training",
        tables=(Table(title="", columns=("what", "value"), rows=rows),),
        figures=(curve,) if len(run.valid_loss) > 1 else (),
    )


def elsewhere_chapter(project: Project, name: str) -> Chapter:
    """What is known of a model that was not trained here."""
    if name.startswith(ENDPOINT):
        endpoint = project.settings.ladder.endpoints[name.removeprefix(ENDPOINT)]
        where, content = f"{endpoint.model} at {endpoint.url}", "not known"
    else:
        entry = brought_models(project.folder)[name]
        where, content = entry.path, short(entry.digest)
    rows = (("model", name), ("came from", where), ("digest", content))
    table = Table(title="", columns=("what", "is"), rows=rows)
    return Chapter(title="Training", text=(ELSEWHERE,), tables=(table,))


def data_chapter(version: Version, sides: Sides) -> Chapter:
    """Rows, groups and what kept the sides apart."""
    rows = (
        ("train", f"{sides.train_rows:,}", f"{sides.train_groups:,}"),
        ("valid", f"{sides.valid_rows:,}", f"{sides.valid_groups:,}"),
        ("test", f"{sides.test_rows:,}", f"{sides.test_groups:,}"),
    )
    files = tuple((f.path, f"{f.rows:,}", short(f.digest)) for f in version.files)
    columns = ("side", "rows", "groups")
    return Chapter(
        title="Data",
        text=(
            f"{counted(version.decisions, 'decision')} about rows; "
            f"{counted(sides.joined_clusters, 'cluster')} of near-duplicates kept on one side; "
            "no test row shares a group or its text with training.",
        ),
        tables=(
            Table(title="Sides", columns=columns, rows=rows, numeric=columns[1:]),
            Table(title="Files", columns=("file", "rows", "digest"), rows=files, numeric=("rows",)),
        ),
    )


def integrity_chapter(
    run: Run | None,
    judged: Judged,
    tuned: Evaluated,
    zero_shot: Evaluated | None,
    noise: NoiseFloor | None,
) -> Chapter:
    """That the same thing was trained, measured and compared.

    `zero_shot` was asked exactly as the tuned model was, without the adapter. There is no run of a
    model that was trained elsewhere, and no noise floor where no model runs here.
    """
    environment = judged.tuned.record.environment
    rows = [
        *_trained(run),
        ("seeds", _seeds(1 + len(judged.further))),
        ("adapter", _effect(tuned, zero_shot)),
        ("noise floor", _noise(noise)),
        ("cut short", f"{judged.tuned.record.truncated} answers of the tuned model on the test"),
    ]
    if environment is not None:
        rows.append(
            (
                "both sides",
                f"{environment.number_type} on {environment.machine}, torch {environment.torch}, "
                f"transformers {environment.transformers}, {environment.threads} threads",
            )
        )
    table = Table(title="", columns=("what", "found"), rows=tuple(rows))
    return Chapter(title="Integrity", tables=(table,))


def _trained(run: Run | None) -> list[tuple[str, str]]:
    if run is None:
        return [("training", "elsewhere: mask and template not verified")]
    return [
        ("tokens", "one template function made the ids of training and of scoring"),
        ("end token", "trained" if run.end_token_trained else "NOT trained"),
        ("training", "padded" if run.padded else "flattened, proven equal to one row at a time"),
    ]


def _seeds(seeds: int) -> str:
    if seeds == 1:
        return "one model was judged: another training seed would make another"
    return f"{seeds} runs were judged by their mean"


def _effect(tuned: Evaluated, zero_shot: Evaluated | None) -> str:
    if zero_shot is None:
        return "cannot tell: the base was not asked with the same prompt"
    answers = tuned.predictions["answer"], zero_shot.predictions["answer"]
    differ = int((answers[0] != answers[1]).sum())
    if differ == 0:
        return "changes NO answer on valid"
    return f"changes {differ} of {len(answers[0])} answers on valid"


def _noise(noise: NoiseFloor | None) -> str:
    """What other batches alone change: a gain of that size says nothing."""
    if noise is None:
        return "cannot tell: no model that can be asked twice here in time"
    rows = counted(noise.rows, "row")
    said = (
        f"{noise.model} asked twice on {rows} of valid, in other batches: {noise.changed} answers "
        f"changed ({percent(noise.changed / noise.rows)})"
    )
    if noise.first is None or noise.second is None:
        return said
    return f"{said}, {noise.metric} by {points(noise.second - noise.first)}"


def lineage_chapter(project: Project, judged: Judged, run: RunResult | None) -> Chapter:
    """Digests from the rows to the verdict, and the ledger's head."""
    seal = judged.seal
    rows = (
        ("base model", f"{project.settings.model.base}  {short(seal.base)}"),
        ("split", short(seal.split)),
        ("test block", short(seal.block)),
        ("instruction", short(seal.prompt)),
        ("seal", short(judged.seal_digest)),
        ("run", _runs(run) if run else judged.tuned.candidate),
        ("tuned, on the test", short(judged.tuned.digest)),
        *((f"{one.record.model}, on the test", short(one.digest)) for one in judged.further),
        *((f"{name}, on the test", short(rung.digest)) for name, rung in judged.rungs.items()),
        ("verdict", short(judged.digest)),
        ("ledger's head", " ".join(project.ledger.heads())),
    )
    return Chapter(
        title="Lineage",
        text=("`surpass status --verify --head DIGEST` checks the ledger against this page.",),
        tables=(Table(title="", columns=("what", "digest"), rows=rows), tests_table(project)),
    )


def _runs(run: RunResult) -> str:
    return " ".join(short(one.digest) for one in run.all_seeds)
