"""A command ends with the process that started it, however that ends."""

import os
import signal
import subprocess
import sys
import time

import pytest

from mmbopr.utils.bound_process import run_bound

# A "training" that tells its number, and that of a child of its own.
TRAINING = """
import subprocess, sys, time
child = subprocess.Popen([sys.executable, '-c', 'import time; time.sleep(60)'])
print(child.pid, flush=True)
time.sleep(60)
"""
PARENT = """
import os, sys
from mmbopr.utils.bound_process import run_bound
print(os.getpid(), flush=True)
run_bound([sys.executable, '-c', {training!r}])
"""


def is_running(pid):
    try:
        with open(f'/proc/{pid}/stat') as file:
            return file.read().rsplit(')', 1)[1].split()[0] != 'Z'
    except FileNotFoundError:
        return False


def await_end(*pids, seconds=10):
    deadline = time.monotonic() + seconds
    while any(map(is_running, pids)):
        assert time.monotonic() < deadline, 'still running'
        time.sleep(0.02)


def child_of(pid):
    with open(f'/proc/{pid}/task/{pid}/children') as file:
        return int(file.read())


@pytest.fixture
def start(pytestconfig):
    """Function that starts a parent; returns it and the pids below it."""
    parents, below = [], []

    def start(training=TRAINING, hangup=signal.SIG_DFL):
        def forget_what_is_ignored():
            # In the background Ctrl-C is, under nohup the end of a terminal.
            signal.signal(signal.SIGINT, signal.SIG_DFL)
            signal.signal(signal.SIGHUP, hangup)

        parent = subprocess.Popen(
            [sys.executable, '-c', PARENT.format(training=training)],
            stdout=subprocess.PIPE,
            text=True,
            cwd=pytestconfig.rootpath,
            preexec_fn=forget_what_is_ignored,
        )
        parents.append(parent)
        assert int(parent.stdout.readline()) == parent.pid
        grandchild = int(parent.stdout.readline())
        pids = [child_of(parent.pid), grandchild]
        below.extend(pids)
        return parent, pids

    yield start
    for pid in filter(is_running, below):  # they hold the pipe open
        os.kill(pid, signal.SIGKILL)
    for parent in parents:
        parent.kill()
        parent.communicate()


@pytest.mark.parametrize(
    ('signum', 'code'),
    [(signal.SIGTERM, 143), (signal.SIGHUP, 129), (signal.SIGINT, 130)],
)
def test_a_signal_ends_both(start, signum, code):
    parent, pids = start()
    assert all(map(is_running, pids))
    parent.send_signal(signum)
    assert parent.wait(10) == code
    await_end(*pids)


@pytest.mark.skipif(sys.platform != 'linux', reason='Linux tells the child')
def test_a_kill_ends_the_command(start):
    parent, (child, _) = start()
    parent.kill()
    assert parent.wait(10) == -signal.SIGKILL
    await_end(child)


def test_what_was_ignored_stays_ignored(start):
    training = TRAINING.replace('sleep(60)\n', 'sleep(0.5)\n')
    parent, _ = start(training, hangup=signal.SIG_IGN)
    parent.send_signal(signal.SIGHUP)
    assert parent.wait(10) == 0


@pytest.mark.parametrize(
    ('command', 'code'),
    [
        ('raise SystemExit(3)', 3),
        ('import os; os.kill(os.getpid(), 9)', -9),
        ('import os; raise SystemExit(os.environ["X"] != "1")', 0),
    ],
)
def test_the_exit_code_is_returned(command, code):
    handlers = [signal.getsignal(x) for x in (signal.SIGINT, signal.SIGTERM)]
    env = dict(os.environ, X='1')
    assert run_bound([sys.executable, '-c', command], env) == code
    assert handlers == [
        signal.getsignal(x) for x in (signal.SIGINT, signal.SIGTERM)
    ]


def test_a_program_that_is_not_there_is_an_error(tmp_path):
    with pytest.raises(FileNotFoundError):
        run_bound([str(tmp_path / 'nowhere')])


def test_a_command_that_does_not_terminate_is_killed(monkeypatch):
    monkeypatch.setattr('mmbopr.utils.bound_process._GRACE', 0.2)
    deaf = (
        'import signal, os, time\n'
        'signal.signal(signal.SIGTERM, signal.SIG_IGN)\n'
        'os.kill(os.getppid(), signal.SIGTERM)\n'
        'time.sleep(60)'
    )
    begin = time.monotonic()
    with pytest.raises(SystemExit) as exit:
        run_bound([sys.executable, '-c', deaf])
    assert exit.value.code == 143
    assert time.monotonic() - begin < 10
