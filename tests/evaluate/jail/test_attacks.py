"""Each attack works in a plain process, and does not in the jail."""

import json
import os
import socket
import time
from contextlib import closing

import pytest

from jailed import LIMITS, inside, outside
from surpass.evaluate.jail.limits import Limits
from surpass.evaluate.jail.probe import require_jail
from surpass.evaluate.jail.running import Ended, job_line, open_jail

pytestmark = pytest.mark.jail

CONNECTS = """
import socket
def attack(family, address):
    with socket.socket(getattr(socket, family)) as client:
        client.settimeout(5)
        client.connect(tuple(address) if isinstance(address, list) else chr(0) + address)
        return True
"""
READS = """
def attack(path):
    with open(path, "rb") as stream:
        return bool(stream.read(1))
"""
READS_ENVIRONMENT = """
import os
def attack(name):
    return name in os.environ
"""
READS_OTHERS_ENVIRONMENT = """
import glob
def attack(pid):
    return any(open(path, "rb").read() for path in glob.glob(f"/proc/{pid}/environ"))
"""
WRITES = """
def attack(folder):
    with open(folder + "/surpass-written", "wb") as stream:
        stream.write(b"1")
    import os
    os.unlink(folder + "/surpass-written")
    return True
"""
FORKS = """
import os, time
def attack(count):
    made = []
    try:
        for _ in range(count):
            child = os.fork()
            if child == 0:
                time.sleep(20)
                os._exit(0)
            made.append(child)
        return True
    finally:
        for child in made:
            os.kill(child, 9)
            os.waitpid(child, 0)
"""
ALLOCATES = """
import mmap
def attack(size):
    mmap.mmap(-1, size).close()
    return True
"""
FILLS = """
import os, tempfile
def attack(size, folder):
    with tempfile.TemporaryDirectory(dir=folder) as inner:
        for at in range(size >> 20):
            with open(f"{inner}/{at}", "wb") as stream:
                stream.write(b"1" * (1 << 20))
    return True
"""
HIDES_MEMORY = """
import os
def attack():
    os.close(os.memfd_create("hidden"))
    return True
"""
TRACES = """
import ctypes, os, time
def attack(pid):
    child = 0
    if not pid:
        pid = child = os.fork()
        if child == 0:
            time.sleep(20)
            os._exit(0)
    traced = ctypes.CDLL(None).ptrace(16, pid, 0, 0) == 0
    if child:
        os.kill(child, 9)
    return traced
"""
NESTS = """
import ctypes
def attack(flags):
    return ctypes.CDLL(None).unshare(flags) == 0
"""
MOUNTS = """
import ctypes
def attack():
    system = ctypes.CDLL(None)
    system.unshare(0x10020000)
    return system.mount(b"none", b"/tmp", b"tmpfs", 0, None) == 0
"""
SEES = """
import os
def attack(most):
    return len([name for name in os.listdir("/proc") if name.isdecimal()]) > most
"""
CHANGES_KERNEL = """
def attack(path):
    with open(path, "r+b") as stream:
        return True
"""


def stopped(said):
    return said is not True


@pytest.mark.enable_socket
def test_a_listener_on_loopback_cannot_be_reached():
    with closing(socket.create_server(("127.0.0.1", 0))) as server:
        address = list(server.getsockname())
        assert outside(CONNECTS, "AF_INET", address) is True
        assert inside(CONNECTS, "AF_INET", address) == "raisedPermissionError"


@pytest.mark.enable_socket
def test_an_abstract_socket_cannot_be_reached():
    name = f"surpass-{os.getpid()}"
    with closing(socket.socket(socket.AF_UNIX)) as server:
        server.bind("\0" + name)
        server.listen()
        assert outside(CONNECTS, "AF_UNIX", name) is True
        assert inside(CONNECTS, "AF_UNIX", name) == "raisedPermissionError"


def test_a_secret_file_is_not_there(tmp_path):
    secret = tmp_path / "secret"
    secret.write_text("secret", encoding="utf-8")
    for path in (str(secret), "/etc/passwd"):
        assert outside(READS, path) is True
        assert inside(READS, path) == "raisedFileNotFoundError"


def test_the_environment_is_empty_of_ours(monkeypatch):
    monkeypatch.setenv("SURPASS_SECRET", "1")
    assert outside(READS_ENVIRONMENT, "SURPASS_SECRET", **os.environ) is True
    assert inside(READS_ENVIRONMENT, "SURPASS_SECRET") is False


def test_no_other_environment_can_be_read():
    assert outside(READS_OTHERS_ENVIRONMENT, os.getpid()) is True
    assert stopped(inside(READS_OTHERS_ENVIRONMENT, "[02]"))


def test_nothing_outside_the_box_can_be_written(tmp_path):
    assert outside(WRITES, str(tmp_path)) is True
    assert outside(WRITES, "/dev/shm") is True
    for folder in (str(tmp_path), "/", "/usr", "/usr/lib", "/dev", "/dev/shm", "/tmp", "/proc"):
        assert stopped(inside(WRITES, folder)), folder
    assert inside(WRITES, "/box") is True


def test_settings_of_the_kernel_cannot_be_opened_for_writing():
    if os.geteuid() == 0:
        assert outside(CHANGES_KERNEL, "/proc/sys/kernel/core_pattern") is True
    assert stopped(inside(CHANGES_KERNEL, "/proc/sys/kernel/core_pattern"))


def test_a_fork_bomb_meets_the_cap():
    assert outside(FORKS, LIMITS.processes) is True
    assert inside(FORKS, LIMITS.processes) == "raisedBlockingIOError"
    assert inside(FORKS, LIMITS.processes // 2) is True


def test_big_memory_is_refused():
    assert outside(ALLOCATES, 3 << 30) is True
    assert stopped(inside(ALLOCATES, 3 << 30))
    assert inside(ALLOCATES, LIMITS.memory_bytes // 2) is True


def test_memory_that_belongs_to_no_process_is_refused():
    assert outside(HIDES_MEMORY) is True
    assert inside(HIDES_MEMORY) == "raisedPermissionError"


def test_the_disk_fills_up_at_its_cap(tmp_path):
    size = LIMITS.disk_bytes + (1 << 20)
    assert outside(FILLS, size, str(tmp_path)) is True
    assert inside(FILLS, size, "/box") == "raisedOSError"
    assert inside(FILLS, LIMITS.disk_bytes // 2, "/box") is True


def test_nothing_can_be_traced():
    assert outside(TRACES, 0) is True
    assert inside(TRACES, 0) is False
    for pid in (1, 2):
        assert inside(TRACES, pid) is False


def test_tracing_the_first_process_does_not_hang_the_jail():
    started = time.monotonic()
    hang = TRACES.replace("return traced", "os._exit(0)")
    inside(hang, 1)
    assert time.monotonic() - started < 5


def test_no_namespace_can_be_made():
    new_user = 0x10000000
    assert outside(NESTS, new_user) is True
    assert inside(NESTS, new_user) is False


def test_nothing_can_be_mounted():
    assert outside(MOUNTS) is True
    assert inside(MOUNTS) is False


def test_other_processes_are_not_seen():
    assert outside(SEES, 3) is True
    assert inside(SEES, 3) is False


ENDLESS = {
    "sleep": ("import time\ndef attack():\n    time.sleep(600)\n", "time"),
    "spin": ("def attack():\n    while True:\n        pass\n", "time"),
    "print": ("def attack():\n    while True:\n        print('x' * 1000)\n", "time"),
    "too long an answer": ("def attack():\n    return 'x' * (4 << 20)\n", "output"),
    "memory of several processes": (
        "import mmap, os, time\n"
        "def attack():\n"
        "    for _ in range(4):\n"
        "        if os.fork() == 0:\n"
        "            held = mmap.mmap(-1, 150 << 20)\n"
        "            for at in range(0, 150 << 20, 4096):\n"
        "                held[at] = 1\n"
        "            time.sleep(60)\n"
        "    time.sleep(60)\n",
        "memory",
    ),
}


@pytest.mark.parametrize("name", ENDLESS)
def test_what_never_ends_is_ended(name):
    attack, why = ENDLESS[name]
    with open_jail(require_jail(), LIMITS) as jail:
        jail.say(job_line("answer", "", "", "", attack), time.monotonic() + 5)
        assert jail.hear(time.monotonic() + 5) == b"loaded"
        seconds = 0.5 if why == "time" else 20
        started = time.monotonic()
        jail.say(json.dumps(["attack", [], {"dict": []}]).encode(), started + seconds)
        with pytest.raises(Ended) as ended:
            jail.hear(started + seconds)
    assert ended.value.why == why
    assert time.monotonic() - started < seconds + 2


def test_processor_time_is_summed_over_processes():
    spins = "import os\nfor _ in range(3):\n    os.fork()\nwhile True:\n    pass\n"
    limits = Limits(cpu_seconds=1, processes=32)
    until = time.monotonic() + 30
    with open_jail(require_jail(), limits) as jail:
        jail.say(job_line("answer", "", "", "", spins), until)
        with pytest.raises(Ended) as ended:
            jail.hear(until)
    assert ended.value.why == "processor"
