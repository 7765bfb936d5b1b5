import json

import numpy as np
import pytest
import torch

from mmbopr.body_models import SMPL
from mmbopr.structures.mesh_result import MeshResult
from mmbopr.testing.results import make_result
from mmbopr.utils.camera import perspective_project


@pytest.mark.parametrize('suffix', ['json', 'npz'])
@pytest.mark.parametrize('people', [0, 1, 3])
def test_is_the_same_after_a_round_trip(tmp_path, suffix, people):
    result = make_result(people, frame=7, track_id=np.arange(people))

    result.save(tmp_path / f'r.{suffix}')
    again = MeshResult.load(tmp_path / f'r.{suffix}')

    assert again.arrays().keys() == result.arrays().keys()
    for name, array in result.arrays().items():
        np.testing.assert_array_equal(getattr(again, name), array, name)
    np.testing.assert_array_equal(again.K, result.K)
    assert again.img_shape == (480, 640)
    assert (again.img_path, again.frame) == (result.img_path, 7)
    assert again.body_model_id == result.body_model_id
    assert len(list(tmp_path.iterdir())) == 1


def test_json_has_an_entry_a_person(tmp_path):
    result = make_result(2)

    result.save(tmp_path / 'r.json')
    content = json.loads((tmp_path / 'r.json').read_text())

    assert len(content['people']) == 2
    assert content['joint_names'][15] == 'head'
    assert content['focal'] == content['K'][0] == 800
    np.testing.assert_allclose(
        content['people'][1]['betas'], result.betas[1], rtol=1e-6
    )


def test_parameters_give_the_joints_and_their_projection_back():
    result = make_result(2)
    tensors = {k: torch.from_numpy(v) for k, v in result.arrays().items()}

    posed = SMPL('open')(
        betas=tensors['betas'],
        body_pose=tensors['body_pose'],
        global_orient=tensors['global_orient'],
    )
    pixels = perspective_project(
        posed.joints + tensors['cam_t_full'][:, None],
        torch.from_numpy(result.K).expand(2, 4),
    )

    np.testing.assert_allclose(posed.joints, result.joints, atol=1e-6)
    np.testing.assert_allclose(pixels, result.keypoints_2d, atol=1e-3)


def test_wrong_shapes_are_named():
    with pytest.raises(ValueError, match=r'bbox must have shape \(2, 4\)'):
        make_result(2, bbox=np.zeros((1, 4)))


@pytest.mark.parametrize('content', ['', '{}', '{"format": "x"}', '[1]', '1'])
def test_damaged_files_are_named(tmp_path, content):
    file = tmp_path / 'r.json'
    file.write_text(content)

    with pytest.raises(ValueError, match=r'r\.json is no result'):
        MeshResult.load(file)


def test_truncated_npz_is_named(tmp_path):
    file = tmp_path / 'r.npz'
    make_result(1).save(file)
    file.write_bytes(file.read_bytes()[:-100])

    with pytest.raises(ValueError, match=r'r\.npz is no result'):
        MeshResult.load(file)


def test_a_damaged_npz_is_named(tmp_path):
    file = tmp_path / 'r.npz'
    result = make_result(1)
    result.save(file)
    content = file.read_bytes()
    rng = np.random.default_rng(0)
    for place in rng.integers(0, len(content), 200):
        spoiled = bytearray(content)
        spoiled[place] ^= rng.integers(1, 256)
        file.write_bytes(spoiled)
        try:
            again = MeshResult.load(file)
        except ValueError as error:
            assert 'r.npz is no result' in str(error)
        else:
            assert again.to_dict() == result.to_dict()


def test_other_suffixes_are_refused(tmp_path):
    with pytest.raises(ValueError, match=r'\.json or an \.npz'):
        make_result(1).save(tmp_path / 'r.pkl')
