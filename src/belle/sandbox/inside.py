"""The part of a sandbox that runs in its namespaces, as `python -c`: a root of its own, no rights, limits, the program.

This process is the first of its namespace and ends with the one that started it, whatever the program does: it keeps
its rights, out of the program's reach. With it the kernel ends the program and all that the program has started.
No module of the project is here: its files are out of reach. What fails is an OSError, and the exit status is not 0.
"""

import ctypes
import json
import os
import resource
import sys
from pathlib import Path

NOBODY = 65534
MS_NOSUID, MS_NODEV, MS_BIND, MS_REC = 2, 4, 4096, 16384
AT_FDCWD, AT_RECURSIVE, SYS_MOUNT_SETATTR, MOUNT_ATTR_RDONLY = -100, 0x8000, 442, 1
PR_CAPBSET_DROP, PR_SET_NO_NEW_PRIVS, CAPABILITIES = 24, 38, 64
STARTED = b"+"
"""What the result begins with once the program is about to start: what fails from there on is its own fault."""
RESULT = 3
"""File descriptor of the result."""

PROGRAM = f"""
import json, os, sys
task = json.load(sys.stdin)
names = {{"__name__": "answer"}}
for source in task["sources"]:
    try:
        exec(compile(source, "answer", "exec"), names)
    except SystemExit as end:
        if end.code not in (None, 0):
            os._exit(1)
os.write({RESULT}, task["token"].encode())
os._exit(0)
"""
"""The token shows that all of it ran: a program that ends itself has the exit status 0 too."""


class MountAttributes(ctypes.Structure):
    """`struct mount_attr` of mount_setattr(2)."""

    _fields_ = tuple((name, ctypes.c_uint64) for name in ("set", "clear", "propagation", "userns_fd"))


LIBC = ctypes.CDLL(None, use_errno=True)


def succeed(status: int, what: str) -> None:
    """Raise the error of a C call that failed."""
    if status != 0:
        number = ctypes.get_errno()
        raise OSError(number, os.strerror(number), what)


def make_root(root: str, shown: list[str]) -> None:
    """Mount an empty root, with the shown directories in it, read-only; links stay links."""
    succeed(LIBC.mount(b"none", root.encode(), b"tmpfs", MS_NOSUID | MS_NODEV, b"size=16m,mode=755"), root)
    for source in shown:
        target = Path(root + source)
        target.parent.mkdir(parents=True, exist_ok=True)
        if Path(source).is_symlink():
            target.symlink_to(Path(source).readlink())
        elif Path(source).is_dir():
            target.mkdir()
            succeed(LIBC.mount(source.encode(), bytes(target), None, MS_BIND | MS_REC, None), source)
            make_read_only(target)
    scratch = Path(root, "tmp")
    scratch.mkdir(exist_ok=True)
    scratch.chmod(0o777)


def make_read_only(mounted: Path) -> None:
    """Make a mount and all below it read-only, without set-user-ID programs and devices (Linux 5.12)."""
    attributes = MountAttributes(set=MOUNT_ATTR_RDONLY | MS_NOSUID | MS_NODEV)
    size = ctypes.sizeof(attributes)
    status = LIBC.syscall(
        SYS_MOUNT_SETATTR, AT_FDCWD, bytes(mounted), AT_RECURSIVE, ctypes.byref(attributes), ctypes.c_size_t(size)
    )
    succeed(status, str(mounted))


def give_up_rights(is_root: bool) -> None:
    """Leave no capability to what is executed next; the real root becomes nobody."""
    for capability in range(CAPABILITIES):
        LIBC.prctl(PR_CAPBSET_DROP, capability, 0, 0, 0)
    if is_root:
        os.setgroups([])
        os.setgid(NOBODY)
        os.setuid(NOBODY)
    succeed(LIBC.prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0), "no new privileges")


def main(task: dict) -> None:
    """Build the sandbox, run the program in it and wait for its end."""
    os.dup2(1, RESULT)
    os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
    make_root(task["root"], task["shown"])
    os.chroot(task["root"])
    os.chdir("/tmp")
    program = os.fork()
    if program == 0:
        become_program(task)
    os.waitpid(program, 0)


def become_program(task: dict) -> None:
    """Give up every right and run the program instead of this one."""
    # it signals no process group but its own
    os.setsid()
    give_up_rights(task["is_root"])
    for name, limit in task["limits"].items():
        resource.setrlimit(getattr(resource, name), (limit, limit))
    os.write(RESULT, STARTED)
    os.execv(task["python"], [task["python"], "-I", "-S", "-B", "-X", "utf8", "-c", PROGRAM])


if __name__ == "__main__":
    main(json.loads(sys.argv[1]))
