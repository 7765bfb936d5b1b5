import re
import runpy
import sys
from pathlib import Path

import cv2
import numpy as np
import pytest

TOOL = Path(__file__).parents[2] / 'tools/analysis_tools/benchmark_renderer.py'


def run(monkeypatch, capsys, *arguments):
    monkeypatch.setattr(sys, 'argv', [str(TOOL), *arguments])
    runpy.run_path(str(TOOL), run_name='__main__')
    return capsys.readouterr().out


def test_it_draws_large_people(monkeypatch, capsys, tmp_path):
    out = tmp_path / 'people.png'
    text = run(
        monkeypatch, capsys, '--people=2', '--repeats=1', f'--out={out}'
    )
    assert text.startswith('2 people of ')
    heights = [int(x) for x in re.findall(r'(\d+)(?=,| pixels)', text)]
    assert len(heights) == 2 and min(heights) > 700
    picture = cv2.imread(str(out))
    rows = np.nonzero((picture != 96).any(-1))[0]
    assert np.ptp(rows) + 1 >= max(heights) - 1


@pytest.mark.slow
def test_three_people_take_less_than_half_a_second(monkeypatch, capsys):
    """Of CPU time: the wall clock of a busy machine proves nothing."""
    text = run(monkeypatch, capsys)
    seconds = float(re.search(r'\(([\d.]+) s of CPU', text).group(1))
    assert seconds < 2 * 0.5
