"""Which judge is named: its rubric, and the digest under which it is sealed and asked."""

from surpass.core.digest import digest_record
from surpass.core.errors import BadInput
from surpass.core.settings.endpoint import Endpoint
from surpass.core.settings.judge import Judge
from surpass.steps.ladder import endpoint_of
from surpass.steps.project import Project


def require_judge(project: Project) -> Judge:
    """The [judge] section.

    Raises:
        BadInput: there is none.
    """
    section = project.settings.judge
    if section is None:
        raise BadInput(
            "No judge is named.",
            fix="Write [judge] with endpoint = a name from [ladder.endpoints] into surpass.toml.",
        )
    return section


def rubric_of(project: Project, section: Judge) -> str:
    """What makes an answer better: the text of the named file, or the standard one.

    Raises:
        BadInput: the file cannot be read, or is empty.
    """
    if section.rubric is None:
        from surpass.evaluate.judging import STANDARD_RUBRIC  # pulls in aiohttp

        return STANDARD_RUBRIC
    path = project.folder / section.rubric
    try:
        text = path.read_text(encoding="utf-8-sig").strip()
    except (OSError, UnicodeDecodeError) as error:
        raise BadInput(
            f"[judge] rubric names {section.rubric}, which cannot be read ({error}).",
            fix="Write that file as UTF-8, or remove the key to use the standard rubric.",
        ) from None
    if not text:
        raise BadInput(
            f"The rubric in {section.rubric} is empty.", fix="Write what makes an answer better."
        )
    return text


def judge_digest(endpoint: Endpoint, section: Judge, rubric: str) -> str:
    """Names what decides a judge's verdicts; not how fast it is asked, nor what it costs."""
    from surpass.evaluate.judging import FORM  # pulls in aiohttp

    shape = [FORM, section.reference, section.max_tokens]
    return digest_record([endpoint.url, endpoint.model, endpoint.choice, rubric, *shape])


def named_judge(project: Project) -> str:
    """The digest of the judge that the settings name.

    Raises:
        BadInput: no [judge], no such endpoint, or no such rubric.
    """
    section = require_judge(project)
    rubric = rubric_of(project, section)
    return judge_digest(endpoint_of(project, section.endpoint), section, rubric)


def sealed_judge(project: Project) -> dict[str, str]:
    """What a seal keeps of the judge, where a criterion rests on one.

    Raises:
        BadInput: a criterion names the judge, and there is none.
    """
    wanted = project.settings.criteria_in_force.preference
    return {"[judge]": named_judge(project)} if any(one.by == "judge" for one in wanted) else {}
