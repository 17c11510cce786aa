"""The jail's seccomp filter: which system calls fail, packed as classic BPF without a library."""

import struct

from surpass.core.errors import BadMachine

# Numbers per architecture from the kernel's tables: arch/x86/entry/syscalls/syscall_64.tbl and
# include/uapi/asm-generic/unistd.h. Numbers from 424 on are the same everywhere.
_NAMES = (
    # reaching into other processes
    "ptrace", "process_vm_readv", "process_vm_writev", "process_madvise", "pidfd_getfd", "kcmp",
    # slowing down the jail's server
    "setpriority", "sched_setparam", "sched_setscheduler", "sched_setaffinity", "sched_setattr",
    "ioprio_set",
    # other namespaces and other file systems
    "unshare", "setns", "mount", "umount2", "pivot_root", "chroot", "open_tree", "move_mount",
    "fsopen", "fsconfig", "fsmount", "fspick", "mount_setattr", "open_by_handle_at",
    "name_to_handle_at", "swapon", "swapoff", "quotactl", "acct",
    # parts of the kernel with a history of holes
    "bpf", "perf_event_open", "userfaultfd", "io_uring_setup", "io_uring_enter",
    "io_uring_register", "add_key", "request_key", "keyctl", "personality", "fanotify_init",
    # the machine itself
    "init_module", "finit_module", "delete_module", "kexec_load", "kexec_file_load", "reboot",
    "syslog", "settimeofday", "clock_settime", "adjtimex",
    # network, loopback and abstract sockets
    "socket", "socketpair",
    # memory that belongs to no process, which the watch outside would not see
    "memfd_create", "memfd_secret", "shmget", "msgget", "semget", "mq_open",
)  # fmt: skip

_X86_64 = (
    101, 310, 311, 440, 438, 312,
    141, 142, 144, 203, 314,
    251,
    272, 308, 165, 166, 155, 161, 428, 429, 430, 431, 432, 433, 442, 304, 303, 167, 168, 179, 163,
    321, 298, 323, 425, 426, 427, 248, 249, 250, 135, 300,
    175, 313, 176, 246, 320, 169, 103, 164, 227, 159,
    41, 53,
    319, 447, 29, 68, 64, 240,
)  # fmt: skip

_AARCH64 = (
    117, 270, 271, 440, 438, 272,
    140, 118, 119, 122, 274,
    30,
    97, 268, 40, 39, 41, 51, 428, 429, 430, 431, 432, 433, 442, 265, 264, 224, 225, 60, 89,
    280, 241, 282, 425, 426, 427, 217, 218, 219, 92, 262,
    105, 273, 106, 104, 294, 142, 116, 170, 112, 171,
    198, 199,
    279, 447, 194, 186, 190, 180,
)  # fmt: skip

FORBIDDEN: dict[str, dict[str, int]] = {
    "x86_64": dict(zip(_NAMES, _X86_64, strict=True)),
    "aarch64": dict(zip(_NAMES, _AARCH64, strict=True)),
}
"""Architecture -> system call -> number; each of them fails with EPERM."""

AUDIT = {"x86_64": 0xC000003E, "aarch64": 0xC00000B7}  # linux/audit.h
CLONE = {"x86_64": 56, "aarch64": 220}
CLONE3 = 435
PRLIMIT = {"x86_64": 302, "aarch64": 261}
NEW_NAMESPACE = 0x7E020000  # the CLONE_NEW* flags but CLONE_NEWTIME, which clone cannot take
X32_BIT = 0x40000000

ALLOW = 0x7FFF0000  # linux/seccomp.h: SECCOMP_RET_*
KILL = 0x80000000
_ERRNO = 0x00050000
REFUSE = _ERRNO | 1  # EPERM
ABSENT = _ERRNO | 38  # ENOSYS

LOAD, EQUAL, AT_LEAST, ANY_BIT, RETURN = 0x20, 0x15, 0x35, 0x45, 0x06  # linux/bpf_common.h
_NUMBER, _ARCHITECTURE, _FIRST_ARGUMENT = 0, 4, 16  # offsets in struct seccomp_data

Instruction = tuple[int, int, int, int]  # code, jump if true, jump if false, operand


def filter_program(machine: str) -> bytes:
    """The filter as an array of struct sock_filter, for `bwrap --seccomp FD`.

    clone3 is answered with ENOSYS: its flags lie behind a pointer that a filter cannot follow, and
    the C library then uses clone, whose flags are looked at.

    Raises:
        BadMachine: there is no table for this processor.
    """
    if machine not in FORBIDDEN:
        raise BadMachine(
            f"The jail for generated code has no seccomp table for a {machine} processor.",
            fix="Run this evaluation on x86_64 or aarch64.",
        )
    return b"".join(struct.pack("=HBBI", *one) for one in _instructions(machine))


def _instructions(machine: str) -> list[Instruction]:
    program: list[Instruction] = [
        (LOAD, 0, 0, _ARCHITECTURE),
        (EQUAL, 1, 0, AUDIT[machine]),
        (RETURN, 0, 0, KILL),
        (LOAD, 0, 0, _NUMBER),
    ]
    if machine == "x86_64":  # the x32 calls have other numbers for the same things
        program += [(AT_LEAST, 0, 1, X32_BIT), (RETURN, 0, 0, KILL)]
    for number in FORBIDDEN[machine].values():
        program += [(EQUAL, 0, 1, number), (RETURN, 0, 0, REFUSE)]
    program += [(EQUAL, 0, 1, CLONE3), (RETURN, 0, 0, ABSENT)]
    program += [
        (EQUAL, 0, 4, PRLIMIT[machine]),
        (LOAD, 0, 0, _FIRST_ARGUMENT),
        (EQUAL, 0, 1, 0),  # limits of oneself alone: the server's would hold for all that follow
        (RETURN, 0, 0, ALLOW),
        (RETURN, 0, 0, REFUSE),
    ]
    program += [
        (EQUAL, 0, 3, CLONE[machine]),
        (LOAD, 0, 0, _FIRST_ARGUMENT),  # both architectures are little-endian: the low half
        (ANY_BIT, 0, 1, NEW_NAMESPACE),
        (RETURN, 0, 0, REFUSE),
        (RETURN, 0, 0, ALLOW),
    ]
    return program
