"""Every command of README and docs does what it says, run as it stands.

A block that cannot be run here says why in a comment above it; the files that
it names must exist all the same.
"""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from mmbopr.testing.documentation import code_blocks, page_script

ROOT = Path(__file__).parents[2]
PAGES = sorted(
    page.relative_to(ROOT)
    for pattern in (
        'README.md',  # the Chinese one has the same commands
        'docs/*.md',
        'configs/**/*.md',
        'projects/**/*.md',
    )
    for page in ROOT.glob(pattern)
    if code_blocks(page)
)
# The same commands on fewer people: text -> what is run in its place.
SHORTER = {
    '--num-train 3000 --num-test 400': '--num-train 32 --num-test 4',
    'source .venv/bin/activate': ':',
    'pw3d.py data/3dpw': 'pw3d.py data/3dpw --partial',
    '--num 8': '--num 1',
    'dist_train.sh $CONFIG 2': 'dist_train.sh $CONFIG 2 --cfg-options '
    'train_cfg.max_epochs=1',
    'model.neck.type=Tower': 'train_cfg.max_epochs=1 model.neck.type=Tower',
}
FIRST_STEPS = 'python -m mmbopr.testing.first_steps'
LINKED = ('configs', 'docs', 'mmbopr', 'projects', 'tools', 'model-index.yml')


def reader_environment():
    path = os.pathsep.join(
        [str(Path(sys.executable).parent), os.environ['PATH']]
    )
    return {
        **os.environ, 'PATH': path, 'PYTHONPATH': str(ROOT),
        'OMP_NUM_THREADS': '1',
    }  # fmt: skip


def sandbox(folder):
    """A checkout that a reader may write in."""
    folder.mkdir()
    for name in LINKED:
        (folder / name).symlink_to(ROOT / name)
    return folder


def run(script, folder, **shorter_here):
    for text, shorter in (SHORTER | shorter_here).items():
        script = script.replace(text, shorter)
    result = subprocess.run(
        ['bash', '-c', script],
        cwd=folder,
        env=reader_environment(),
        capture_output=True,
        text=True,
        check=False,
    )
    where = [x for x in result.stderr.splitlines() if x.startswith('@@')]
    assert result.returncode == 0, (
        f'{where[-1:]}:\n{result.stdout[-1500:]}\n{result.stderr[-3000:]}'
    )


@pytest.fixture(scope='session')
def first_steps(tmp_path_factory):
    """Shell command that puts in place what the first steps leave."""
    made = sandbox(tmp_path_factory.mktemp('first') / 'checkout')
    run(FIRST_STEPS, made)
    return f'cp -r {made}/{{data,work_dirs,photo.jpg,photos,film.mp4}} .'


@pytest.mark.parametrize('page', PAGES, ids=str)
def test_commands_of(page, tmp_path, first_steps):
    blocks = code_blocks(ROOT / page)

    run(
        page_script(blocks),
        sandbox(tmp_path / 'checkout'),
        **{FIRST_STEPS: first_steps},
    )


@pytest.mark.parametrize('page', PAGES, ids=str)
def test_what_is_not_run_names_files_that_exist(page):
    for block in code_blocks(ROOT / page):
        for name in block.named_files:
            assert (ROOT / name).exists(), f'{page}:{block.line}: {name}'
