"""One training a folder."""

import os
import subprocess
import sys

import pytest

from mmbopr.engine.recipe import RecipeError
from mmbopr.engine.stage_lock import lock_stage


def test_a_folder_is_locked_once(tmp_path):
    folder = tmp_path / 'film'
    with lock_stage(folder):
        with pytest.raises(RecipeError) as caught, lock_stage(folder):
            pytest.fail('locked twice')
        assert str(caught.value) == (
            f'{folder}/train.lock is locked: process {os.getpid()}, or a '
            f'training that it left, writes to {folder}. Wait until it ends, '
            f'or stop it (kill {os.getpid()}), or give another --work-dir'
        )
        with lock_stage(tmp_path / 'crowd'):
            pass
    with lock_stage(folder):  # what is left is no lock
        assert (folder / 'train.lock').read_text() == f'{os.getpid()}\n'


def test_a_child_that_is_left_holds_it_on(tmp_path):
    with lock_stage(tmp_path) as lock:
        child = subprocess.Popen(
            [sys.executable, '-c', 'input()'],
            stdin=subprocess.PIPE,
            pass_fds=[lock],
        )
    with pytest.raises(RecipeError, match='locked'), lock_stage(tmp_path):
        pytest.fail('locked twice')
    child.communicate(b'\n')
    with lock_stage(tmp_path):
        pass


def test_it_is_free_after_an_error(tmp_path):
    with pytest.raises(KeyError), lock_stage(tmp_path):
        raise KeyError
    with lock_stage(tmp_path):
        pass
