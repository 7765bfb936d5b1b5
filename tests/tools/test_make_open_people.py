import subprocess
import sys
from pathlib import Path

import numpy as np

TOOL = 'tools/dataset_converters/make_open_people.py'
ROOT = Path(__file__).parents[2]


def _run(*args):
    return subprocess.run(
        [sys.executable, TOOL, *map(str, args)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )


def test_command_line(tmp_path):
    out = tmp_path / 'people'
    args = ('--out', out, '--num-train', 3, '--num-test', 0, '--seed', 4,
            '--preset', 'extreme')  # fmt: skip
    result = _run(*args)
    assert result.returncode == 0, result.stderr
    assert f'wrote {out}' in result.stdout and 'ETA' in result.stdout
    with np.load(out / 'train.npz') as data:
        assert len(data['pose']) == 3
        assert data['seed'] == 4 and data['preset'] == 'extreme'
        assert set(data['seq']) == {'extreme'}
        assert all((out / path).is_file() for path in data['img_path'])
    assert not (out / 'test.npz').exists()
    again = _run(*args)
    assert again.returncode == 0
    assert 'holds this data set already' in again.stdout


def test_help_says_that_numbers_count_people():
    result = _run('--help')
    assert result.returncode == 0
    assert 'people, not images' in result.stdout
