"""What must not work inside the jail, as functions; each tells what did work, or the empty text.

Runs inside as an answer would, from the text of this file: the standard library alone.
"""

import ctypes
import mmap
import os
import socket
import time
from contextlib import suppress

_ATTACH = 16  # PTRACE_ATTACH
_NEW_USER = 0x10000000  # CLONE_NEWUSER


def network() -> str:
    """Make a socket of any kind, or see another interface than loopback."""
    for family in (socket.AF_INET, socket.AF_INET6, socket.AF_UNIX):
        with suppress(OSError):
            socket.socket(family, socket.SOCK_STREAM).close()
            return f"a socket of family {family.name} can be made"
    with suppress(OSError):
        socket.socketpair()
        return "a pair of sockets can be made"
    with open("/proc/net/dev", encoding="utf-8") as lines:
        names = {line.partition(":")[0].strip() for line in list(lines)[2:]}
    return f"interfaces are seen: {sorted(names)}" if names - {"lo"} else ""


def secrets(paths: list[str], names: list[str]) -> str:
    """Read files of the host, or its environment."""
    for path in paths:
        with suppress(OSError):
            with open(path, "rb") as stream:
                stream.read(1)
            return f"{path} can be read"
    seen = sorted(set(names) & set(os.environ))
    return f"environment variables are seen: {seen}" if seen else ""


def writing(folders: list[str]) -> str:
    """Write anywhere but in the box."""
    for folder in folders:
        path = f"{folder.rstrip('/')}/written"
        with suppress(OSError):
            with open(path, "wb") as stream:
                stream.write(b"1")
            os.unlink(path)
            return f"{path} can be written"
    return ""


def others() -> str:
    """See processes that are not the jail's: its init, its server and this one."""
    seen = [name for name in os.listdir("/proc") if name.isdecimal()]
    return f"{len(seen)} processes are seen" if len(seen) > 3 else ""


def forks(cap: int) -> str:
    """Have as many processes as the cap while the jail's own are there too."""
    made: list[int] = []
    try:
        while len(made) < cap:
            child = os.fork()
            if child == 0:
                time.sleep(30)
                os._exit(0)
            made.append(child)
    except OSError:
        pass
    for child in made:
        os.kill(child, 9)
        os.waitpid(child, 0)
    if not made:
        return "no process can be started at all"
    return f"{len(made)} processes can be started" if len(made) >= cap else ""


def memory(limit: int) -> str:
    """Have more memory than one process may."""
    try:
        bytearray(limit)
    except MemoryError:
        return ""
    return f"{limit} bytes of memory can be had"


def hidden_memory() -> str:
    """Have memory that belongs to no process."""
    with suppress(OSError, AttributeError):
        os.close(os.memfd_create("hidden"))
        return "a file in memory can be made"
    if ctypes.CDLL(None).shmget(0, 4096, 0o1600) >= 0:
        return "shared memory can be made"
    return ""


def disk(limit: int) -> str:
    """Fill the box beyond its size; many files, since one is capped too."""
    piece, written = b"1" * (1 << 18), 0
    try:
        while written <= limit:
            with open(f"fill{written}", "wb") as stream:
                written += stream.write(piece)
    except OSError:
        return ""
    finally:
        for name in os.listdir():
            if name.startswith("fill"):
                os.unlink(name)
    return f"{written} bytes can be written"


def tracing() -> str:
    """Trace the jail's init, or get at the server's memory and pipes."""
    if ctypes.CDLL(None).ptrace(_ATTACH, 1, 0, 0) == 0:
        return "process 1 can be traced"
    for path in ("/proc/2/mem", *(f"/proc/2/fd/{number}" for number in range(3, 20))):
        with suppress(OSError):
            os.close(os.open(path, os.O_RDONLY))
            return f"{path} can be opened"
    return ""


def namespaces() -> str:
    """Make a user namespace, or mount."""
    system = ctypes.CDLL(None)
    if system.unshare(_NEW_USER) == 0:
        return "a user namespace can be made"
    if system.mount(b"none", b"/box", b"tmpfs", 0, None) == 0:
        return "a file system can be mounted"
    return ""


def together(processes: int, each: int) -> None:
    """Hold memory in several processes, each under its cap; ends by being killed."""
    for _ in range(processes):
        if os.fork() == 0:
            held = mmap.mmap(-1, each)
            for at in range(0, each, mmap.PAGESIZE):
                held[at] = 1
            time.sleep(60)
    time.sleep(60)


def for_ever() -> None:
    """Never come back."""
    while True:
        time.sleep(1)
