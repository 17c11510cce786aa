"""What a command says of the DVC files that keeping a version wrote."""

from surpass.core.wording import counted
from surpass.steps.dataset import data_files
from surpass.steps.project import Project
from surpass.store.dvc import left_alone

_WHY = {
    "outside": "lies outside the folder that has .dvc/",
    "not a file": "is no file",
    "of a pipeline": "is made by a stage of dvc.yaml",
    "imported": "came by `dvc import`",
}


def data_versions(project: Project) -> tuple[str, ...]:
    """One or two sentences where DVC is at work; none without it."""
    names = data_files(project)
    alone = left_alone(project.folder, names)
    if alone is None:
        return ()
    said = []
    if tracked := len(set(names)) - len(alone):
        said.append(
            f"DVC points to {counted(tracked, 'data file')} of this version; `dvc push` shares "
            f"{'it' if tracked == 1 else 'them'}."
        )
    said += [f"DVC was not told of {name}: it {_WHY[why]}." for name, why in alone.items()]
    return tuple(said)
