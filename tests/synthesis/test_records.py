import numpy as np
import pytest
import torch

from mmbopr.structures.joints import SPIN_49
from mmbopr.synthesis.people import draw_people
from mmbopr.synthesis.records import (
    body_annotation,
    save_rows,
    square_box,
)
from mmbopr.synthesis.scene import sample_scene
from mmbopr.utils.camera import perspective_project


def test_square_box_by_hand():
    pixels = np.array([[10.0, 20.0], [30.0, 120.0], [20.0, 50.0]])
    np.testing.assert_allclose(square_box(pixels), [20, 70, 120])


@pytest.mark.parametrize('preset', ['everyday', 'extreme'])
def test_body_model_and_camera_reproduce_the_key_points(body, preset):
    rngs = [np.random.default_rng(seed) for seed in range(8)]
    for rng, person in zip(rngs, draw_people(body, rngs, preset), strict=True):
        scene = sample_scene(rng, [person])
        row = body_annotation(scene.people[0], scene.viewpoint)
        tensors = {
            key: torch.from_numpy(np.float32(row[key]))[None]
            for key in ('betas', 'pose', 'transl', 'K')
        }
        with torch.no_grad():
            out = body(
                betas=tensors['betas'],
                body_pose=tensors['pose'][:, 1:].flatten(1),
                global_orient=tensors['pose'][:, 0],
                transl=tensors['transl'],
            )
            points = body.joint_set(out, 'spin_49')
            pixels = perspective_project(points, tensors['K'])[0].numpy()
            joints = body.joint_set(out, 'j24')[0].numpy()
        np.testing.assert_allclose(pixels, row['kp2d'][:, :2], atol=0.05)
        hips = joints[2:4].mean(0)
        np.testing.assert_allclose(
            joints - hips, row['kp3d'][:, :3], atol=1e-4
        )
        assert (row['kp2d'][:, 2] == 1).all() and (
            row['kp3d'][:, 3] == 1
        ).all()
        assert row['kp2d'].shape == (len(SPIN_49), 3)
        assert row['img_hw'] == scene.viewpoint.size[::-1]


def test_saved_rows_come_back(tmp_path, level_view, standing):
    row = body_annotation(standing, level_view)
    row.update(
        img_path='images/train_000000.jpg', seq='everyday', frame=0, person=1,
        dataset='open_people', has_smpl=True, has_kp3d=True, has_kp2d=True,
        occlusion=0.25, visible=np.arange(49) % 2 == 0,
    )  # fmt: skip
    save_rows(tmp_path / 'a.npz', [row, row], seed=7, body_model_id='open-1')
    with np.load(tmp_path / 'a.npz', allow_pickle=False) as data:
        assert data['format'] == 'mmbopr-1' and data['seed'] == 7
        assert data['kp2d'].shape == (2, 49, 3)
        assert data['kp2d'].dtype == np.float32
        assert data['visible'].dtype == bool
        assert data['visible'][0].sum() == 25
        assert data['img_path'][1] == 'images/train_000000.jpg'
        np.testing.assert_array_equal(data['img_hw'], [[200, 240]] * 2)
        np.testing.assert_array_equal(data['gender'], [2, 2])
        pelvis = data['transl'][0] + standing.person.root
        np.testing.assert_allclose(pelvis[2], 4, rtol=1e-6)
