"""Commands that end with the process that started them."""

import ctypes
import os
import signal
import subprocess
import sys
import time
from contextlib import contextmanager, suppress
from typing import Callable, Iterator, List, Mapping, Optional, Sequence

_SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
_PR_SET_PDEATHSIG = 1  # of Linux' prctl
# torchrun gives the processes that it started 30 s to end.
_GRACE = 40.0  # seconds
_POLL = 0.1


def run_bound(
    command: Sequence[str],
    env: Optional[Mapping[str, str]] = None,
    pass_fds: Sequence[int] = (),
) -> int:
    """Run a command to its end, or end it with this process.

    On Ctrl-C, SIGTERM and SIGHUP the command and what it started in its
    process group are told to terminate, and killed if they do not; then this
    process exits as a shell would say it.  A signal that was ignored before
    (``nohup``) stays ignored.  Where this process is killed outright, Linux
    tells the command to terminate.

    Args:
        command: Program and arguments.
        env: Its environment; that of this process if None.
        pass_fds: File descriptors that it inherits.

    Returns:
        int: Its exit code; negative, the signal that ended it.

    Raises:
        SystemExit: 128 + the number of the signal.
    """
    with (
        _received_signals() as received,
        subprocess.Popen(
            command,
            env=env,
            pass_fds=pass_fds,
            start_new_session=True,
            preexec_fn=_end_with(os.getpid()),
        ) as process,
    ):
        while not received and process.poll() is None:
            time.sleep(_POLL)
        if received:
            _end_group(process)
    if received:
        raise SystemExit(128 + received[0])
    return process.returncode


def _end_with(parent: int) -> Optional[Callable[[], None]]:
    """What a child does before it becomes the command."""
    if sys.platform != 'linux':
        return None
    prctl = ctypes.CDLL(None, use_errno=True).prctl

    def ask_for_signal():
        signal.signal(signal.SIGTERM, signal.SIG_DFL)
        prctl(_PR_SET_PDEATHSIG, signal.SIGTERM)
        if os.getppid() != parent:  # it was killed meanwhile
            os.kill(os.getpid(), signal.SIGTERM)

    return ask_for_signal


@contextmanager
def _received_signals() -> Iterator[List[int]]:
    """Collect the numbers of signals instead of being stopped by them.

    An exception out of a handler could get lost wherever it comes up.
    """
    received: List[int] = []
    before = {
        signum: signal.getsignal(signum)
        for signum in _SIGNALS
        if signal.getsignal(signum) is not signal.SIG_IGN
    }
    for signum in before:
        signal.signal(signum, lambda number, frame: received.append(number))
    try:
        yield received
    finally:
        for signum, handler in before.items():
            signal.signal(signum, handler)


def _end_group(process: subprocess.Popen) -> None:
    """Terminate a process and its group; kill them if they do not end."""
    with suppress(ProcessLookupError):  # it ended by itself meanwhile
        os.killpg(process.pid, signal.SIGTERM)
        try:
            process.wait(_GRACE)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()
