"""The examples of docs/exports.md, in order."""

import re
from pathlib import Path

import numpy as np

from mmbopr.exports import RESULT_WRITERS, TRACK_WRITERS
from mmbopr.exports.axes import AXES
from mmbopr.structures import tracks_of
from mmbopr.testing.results import make_result

PAGE = (Path(__file__).parents[2] / 'docs/exports.md').read_text()
EXAMPLES = re.findall(r'```python\n(.*?)```', PAGE, re.S)


def test_examples_run(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    make_result(2).save('photo.json')
    frames = [make_result(seed=i, frame=i, track_id=[0]) for i in (0, 1, 3)]
    tracks_of(frames, fps=30)[0].save('track.npz')
    names = {}

    for example in EXAMPLES:
        if 'import bpy' not in example:
            exec(example, names)

    assert 'torch.Size([4, 45, 3])' in capsys.readouterr().out
    low, high = names['scene'].bounds
    assert (high - low < 4).all() and high[2] < 0
    np.testing.assert_allclose(
        names['again'].cam_t_full[0], names['track'].cam_t_full[0], atol=1e-5
    )


def test_tables_are_complete():
    suffixes = re.findall(r'^\| `(\.\w+)` \| (\w+)', PAGE, re.M)
    assert {s for s, of in suffixes if of == 'result'} == set(RESULT_WRITERS)
    assert {s for s, of in suffixes if of == 'track'} == set(TRACK_WRITERS)
    assert set(re.findall(r"^\| `'(\w+)'`", PAGE, re.M)) == set(AXES)
