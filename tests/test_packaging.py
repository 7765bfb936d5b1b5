"""What a wheel and a source archive hold, and that the wheel works alone."""

import os
import shutil
import subprocess
import sys
import tarfile
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
SOURCES = (
    'mmbopr', 'configs', 'tools', 'requirements', 'setup.py', 'MANIFEST.in',
    'pyproject.toml', 'README.md', 'LICENSE', 'model-index.yml',
)  # fmt: skip
PIP = (sys.executable, '-m', 'pip', '--disable-pip-version-check')
# Runs where there is no checkout: all must come out of the wheel.
USE = """
import sys
from importlib.metadata import version
from pathlib import Path

import mmengine.hub
from mmengine.config import Config
from mmengine.infer import BaseInferencer

import mmbopr
from mmbopr.body_models import SMPL
from mmbopr.evaluation.tables.building import build_table
from mmbopr.visualization import viewer_page

assert Path(mmbopr.__file__).is_relative_to(sys.argv[1]), mmbopr.__file__
name = 'open/bopr_resnet18_1xb16-9e_open-people-96x96.py'
cfg = mmengine.hub.get_config(f'mmbopr::{name}')
assert Path(cfg.filename).is_relative_to(sys.argv[1]), cfg.filename
Path('mine.py').write_text(f"_base_ = 'mmbopr::{name}'")
assert Config.fromfile('mine.py').model.head.type == cfg.model.head.type
assert SMPL('open').faces.shape[1] == 3
assert build_table('table1', []).rows
assert Path(viewer_page.__file__).with_name('viewer').is_dir()
assert len(BaseInferencer.list_models('mmbopr')) > 40
assert version('mmbopr') == mmbopr.__version__
"""


def run(*command, cwd, **env):
    result = subprocess.run(
        command,
        cwd=cwd,
        env={**os.environ, **env},
        capture_output=True,
        text=True,
        check=False,
    )
    assert result.returncode == 0, f'{result.stdout}\n{result.stderr}'
    return result.stdout


def copy_sources(folder):
    """The files of the repository, without what runs left behind."""
    folder.mkdir()
    junk = shutil.ignore_patterns('__pycache__', '*.egg-info')
    for name in SOURCES:
        if (ROOT / name).is_dir():
            shutil.copytree(
                ROOT / name, folder / name, symlinks=True, ignore=junk
            )
        else:
            shutil.copy(ROOT / name, folder)
    return folder


def expected_files(folder):
    """Names in a wheel: our package, and beside it what mim looks for."""
    package = {
        str(x.relative_to(folder))
        for x in (folder / 'mmbopr').rglob('*')
        if x.is_file() and '.mim' not in x.parts
    }
    beside = {
        f'mmbopr/.mim/{x.relative_to(folder)}'
        for top in ('configs', 'tools')
        for x in (folder / top).rglob('*')
        if x.is_file()
    }
    return package | beside | {'mmbopr/.mim/model-index.yml'}


def build_wheel(source, out):
    run(
        *PIP, 'wheel', str(source), '--no-deps', '--no-build-isolation',
        '-q', '-w', str(out), cwd=out.parent,
    )  # fmt: skip
    (wheel,) = out.glob('*.whl')
    names = set(zipfile.ZipFile(wheel).namelist())
    return wheel, {x for x in names if '.dist-info/' not in x}


@pytest.fixture(scope='module')
def source(tmp_path_factory):
    return copy_sources(tmp_path_factory.mktemp('package') / 'source')


@pytest.fixture(scope='module')
def wheel(source):
    """The wheel, and the names of its files."""
    expected = expected_files(source)
    cached = source / 'tools/__pycache__/train.cpython-311.pyc'
    cached.parent.mkdir()
    cached.write_bytes(b'left behind')
    path, names = build_wheel(source, source.parent / 'wheel')
    shutil.rmtree(cached.parent)
    assert names == expected
    return path


@pytest.mark.slow
def test_the_wheel_works_without_a_checkout(wheel, tmp_path):
    target = tmp_path / 'target'
    run(
        *PIP, 'install', '--no-deps', '--no-index', '-q', '--target',
        str(target), str(wheel), cwd=tmp_path,
    )  # fmt: skip
    (tmp_path / 'use.py').write_text(USE)
    path = str(target)
    run(sys.executable, 'use.py', path, cwd=tmp_path, PYTHONPATH=path)
    listed = run(
        *(sys.executable, '-m', 'mmbopr', 'list', 'models'),
        cwd=tmp_path, PYTHONPATH=path,
    )  # fmt: skip
    assert 'bopr_resnet18_1xb16-9e_open-people-96x96' in listed
    tool = target / 'mmbopr/.mim/tools/analysis_tools/print_config.py'
    config = tmp_path / 'mine.py'
    printed = run(
        sys.executable, str(tool), str(config), cwd=tmp_path, PYTHONPATH=path
    )
    assert 'AttentionGuidedEncoder' in printed


@pytest.mark.slow
def test_the_source_archive_makes_the_same_wheel(wheel, source, tmp_path):
    build = 'import setuptools.build_meta as b; b.build_sdist("sdist")'
    run(sys.executable, '-c', build, cwd=source)
    (archive,) = (source / 'sdist').glob('*.tar.gz')
    with tarfile.open(archive) as file:
        file.extractall(tmp_path, filter='data')
    (unpacked,) = tmp_path.iterdir()
    _, names = build_wheel(unpacked, tmp_path / 'wheel')
    assert names == {
        x for x in zipfile.ZipFile(wheel).namelist() if '.dist-info/' not in x
    }
