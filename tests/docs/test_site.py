"""The site builds offline and without a warning."""

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]

pytest.importorskip('furo')


def test_site_builds_without_warnings(tmp_path):
    command = [
        sys.executable, '-m', 'sphinx', '-q', '-W', '--keep-going',
        '-b', 'html', str(ROOT / 'docs'), str(tmp_path),
    ]  # fmt: skip
    result = subprocess.run(
        command, cwd=ROOT, capture_output=True, text=True, check=False
    )

    assert result.returncode == 0, result.stderr[-3000:]
    page = tmp_path / '_generated/api/mmbopr.models.heads.html'
    assert 'body-aware transformer' in page.read_text()
    for name in ('apis', 'detection', 'exports', 'tracking', 'video'):
        assert (tmp_path / f'_generated/api/mmbopr.{name}.html').is_file()
    assert not (tmp_path / '_generated/api/mmbopr.cli.html').exists()
    zoo = (tmp_path / '_generated/model_zoo.html').read_text()
    assert 'bopr_resnet18_1xb16-9e_open-people-96x96.py' in zoo
