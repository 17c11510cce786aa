"""The bubblewrap command: what the jail sees of this machine, and as whom it runs."""

from pathlib import Path
from typing import NamedTuple

from surpass.evaluate.jail.limits import Limits

BOX = "/box"


class Way(NamedTuple):
    """One way to hold a jail on this machine; the probe picks the first that works."""

    bwrap: str
    python: str  # the interpreter inside, by its path on the host
    prefix: str  # the folder that the interpreter lives in
    drop: bool  # we are root: become a user of the jail's own first
    cgroup: bool  # the process cap is a cgroup's: RLIMIT_NPROC does not hold for root

    @property
    def words(self) -> str:
        """For people."""
        cap = "a cgroup" if self.cgroup else "RLIMIT_NPROC"
        user = ", as a user of its own" if self.drop else ""
        return f"bubblewrap with {self.python}{user}, processes capped by {cap}"


def jail_command(way: Way, limits: Limits, seccomp_fd: int, program: list[str]) -> list[str]:
    """The command line of one jail; `program` is what its Python is given.

    The folders of the system and of the interpreter are read-only, the rest of the disk is absent.
    Only /box can be written: bubblewrap's own root and /dev are memory too, without a cap, and are
    made read-only last.
    """
    prefix = way.prefix.rstrip("/") or "/"
    own = [] if _inside(prefix, "/usr") else ["--ro-bind", prefix, prefix]
    return [
        way.bwrap,
        *("--unshare-all", "--unshare-user", "--disable-userns"),
        *("--new-session", "--die-with-parent", "--clearenv"),
        *("--uid", "65534", "--gid", "65534", "--cap-drop", "ALL", "--hostname", "jail"),
        *("--ro-bind", "/usr", "/usr"),
        *_links(),
        *own,
        *("--proc", "/proc", "--dev", "/dev", "--remount-ro", "/dev"),
        *("--size", str(limits.disk_bytes), "--tmpfs", BOX, "--chdir", BOX),
        *("--remount-ro", "/"),
        *("--setenv", "PATH", "/usr/bin", "--setenv", "LC_ALL", "C.UTF-8"),
        *("--setenv", "HOME", BOX, "--setenv", "TMPDIR", BOX),
        *("--seccomp", str(seccomp_fd)),
        "--",
        way.python,
        *program,
    ]


def _links() -> list[str]:
    """/bin, /lib and their like as this system has them: links into /usr, or folders."""
    words: list[str] = []
    for name in ("bin", "lib", "lib64", "lib32"):
        path = Path("/", name)
        if path.is_symlink():
            words += ["--symlink", str(path.readlink()), str(path)]
        elif path.is_dir():
            words += ["--ro-bind", str(path), str(path)]
    return words


def _inside(path: str, folder: str) -> bool:
    return path == folder or path.startswith(folder + "/")
