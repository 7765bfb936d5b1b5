import json
import pickle

import numpy as np
import pytest

from mmbopr.testing.miniature.agora import make_agora_crowd, write_agora


@pytest.fixture
def tool(load_tool):
    return load_tool('score_agora.py')


def write_perfect(folder, crowd):
    """The truth as predictions, with vertices."""
    folder.mkdir()
    for row in range(len(crowd)):
        name = f'ag_trainset_renderpeople_cam01_5_10_{crowd.frame[row]:05d}'
        record = dict(
            joints=crowd.project(crowd.smpl_45[row]) * 10,
            verts=crowd.vertices[row],
            allSmplJoints3d=crowd.smpl_45[row, :24],
        )
        path = folder / f'{name}_personId_{crowd.person[row]}.pkl'
        path.write_bytes(pickle.dumps(record))


def test_perfect_predictions(tool, tmp_path, capsys):
    crowd = make_agora_crowd('cam01', 2, num_people=2)
    write_agora(tmp_path, crowd, 'cam01', split='validation')
    write_perfect(tmp_path / 'predictions', crowd)
    np.save(tmp_path / 'vertices.npy', np.arange(50))
    options = [
        str(tmp_path / 'predictions'),
        *('--root', str(tmp_path), '--body-model', 'open'),
        *('--body-vertices', str(tmp_path / 'vertices.npy')),
        *('--out', str(tmp_path / 'scores.json')),
    ]
    tool.main(options)
    scores = json.loads((tmp_path / 'scores.json').read_text())
    assert scores['all']['F1'] == 1 and scores['all']['num_matched'] == 4
    assert scores['all']['MPJPE'] == scores['all']['NMVE'] == 0
    out = capsys.readouterr().out
    assert '| all | 1 | 1 | 1 | 0 | 0 | 0 | 0 | 4 | 0 | 0 |' in out
    assert '| adults |' in out and '| kids |' not in out
    assert 'All vertices were compared' not in out
