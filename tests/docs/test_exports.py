"""The tables of docs/exports.md name everything that can be exported."""

import re
from pathlib import Path

from mmbopr.exports import RESULT_WRITERS, TRACK_WRITERS
from mmbopr.exports.axes import AXES

PAGE = (Path(__file__).parents[2] / 'docs/exports.md').read_text()


def test_tables_are_complete():
    suffixes = re.findall(r'^\| `(\.\w+)` \| (\w+)', PAGE, re.M)
    assert {s for s, of in suffixes if of == 'result'} == set(RESULT_WRITERS)
    assert {s for s, of in suffixes if of == 'track'} == set(TRACK_WRITERS)
    assert set(re.findall(r"^\| `'(\w+)'`", PAGE, re.M)) == set(AXES)
