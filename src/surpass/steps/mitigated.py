"""surpass fix --mitigate and --undo of it: which way, and what is said."""

from typing import Literal

from surpass.core.account import Account
from surpass.steps.mitigate import ACTIONS, mitigate, take_back
from surpass.steps.mitigation_lists import to_collect, to_look_at
from surpass.steps.project import Project
from surpass.steps.tell.mitigate import collect_account, look_account, mitigated_account

Way = Literal["reweigh", "counterfactual", "collect", "relabel"]


def mitigated(project: Project, way: Way, *, by: str, reason: str = "") -> Account:
    """What `surpass fix --mitigate` does and says.

    Raises:
        BadInput: see `mitigate` and `to_collect`.
        CannotTell: there is no row to look at.
    """
    if way == "collect":
        return collect_account(project, to_collect(project))
    if way == "relabel":
        return look_account(project, to_look_at(project))
    return mitigated_account(project, mitigate(project, way, by=by, reason=reason), way)


def taken_back(
    project: Project, rows: tuple[str, ...], *, by: str, reason: str = ""
) -> Account | None:
    """What `surpass fix --undo reweigh` does and says; none: rows are named, not a way.

    Raises:
        BadInput: nobody is named, or nothing was added so.
    """
    for way in ACTIONS:
        if rows == (way,):
            found = take_back(project, way, by=by, reason=reason)
            return mitigated_account(project, found, way)
    return None
