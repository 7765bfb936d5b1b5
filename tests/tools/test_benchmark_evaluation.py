import re
import runpy
import sys
from pathlib import Path

import pytest

TOOL = (
    Path(__file__).parents[2] / 'tools/analysis_tools/benchmark_evaluation.py'
)


def run(monkeypatch, capsys, *arguments):
    monkeypatch.setattr(sys, 'argv', [str(TOOL), *arguments])
    runpy.run_path(str(TOOL), run_name='__main__')
    return capsys.readouterr().out


def test_it_scores_everything(monkeypatch, capsys):
    text = run(monkeypatch, capsys, '--num-samples=9', '--batch-size=4')
    assert text.startswith('9 samples in ')
    assert re.search(r"'MPJPE': \d+\.\d, 'PA-MPJPE': .* 'PA-PVE': ", text)


@pytest.mark.slow
def test_3dpw_takes_less_than_90_seconds(monkeypatch, capsys):
    """Of CPU time: the wall clock of a busy machine proves nothing."""
    text = run(monkeypatch, capsys)
    seconds = float(re.search(r'\(([\d.]+) s of CPU', text).group(1))
    gigabytes = float(re.search(r'memory ([\d.]+) GB', text).group(1))
    assert seconds < 2 * 90 and gigabytes < 2
