import re
from pathlib import Path

import pytest


@pytest.mark.skipif(
    not Path('/proc/self/smaps_rollup').exists(), reason='needs Linux'
)
def test_workers_share_the_file(load_tool, capsys):
    tool = load_tool('analysis_tools/benchmark_annotations.py')
    tool.main(['--num-rows', '20000', '--num-workers', '2'])
    text = capsys.readouterr().out
    size, seconds, rss, pss, private = (
        float(re.search(pattern, text)[1])
        for pattern in (
            r'rows, (\d+) MB', r'checked in ([\d.]+) s', r'by (\d+) MB of RSS',
            r'RSS, (-?\d+) MB', r'and (-?\d+) MB of private',
        )
    )  # fmt: skip
    assert size == 29 and seconds < 1
    # Both look at all of the file, and neither has a copy of it.
    assert rss > 1.5 * size and pss < rss
    assert private < size / 2
