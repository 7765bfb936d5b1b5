"""Every term of eq. (4) of a batch that lacks some labels, in NumPy."""

import numpy as np
import pytest
import torch
from scipy.spatial.transform import Rotation

from mmbopr.engine.dry_batch import make_data_samples
from mmbopr.models import CropCamera, FullImageCamera

NAN = float('nan')


@pytest.fixture
def labels(labels):
    """Row 0 has a gendered body and part maps that are not to be used, row 1
    no body, row 2 no 3D joints, row 3 no 2D ones, so no place before a camera.
    """
    labels['gender'][0] = 1
    labels['has_segmentation'][0] = False
    labels['keypoints_2d'][0, 30:, 2] = 0.3
    labels['keypoints_3d'][0, 5, 3] = 0.5
    for row, flag, *keys in (
        (1, 'has_smpl', 'smpl_pose', 'betas'),
        (2, 'has_keypoints_3d', 'keypoints_3d'),
        (3, 'has_keypoints_2d', 'keypoints_2d'),
    ):
        labels[flag][row] = False
        for key in keys:
            labels[key][row] = NAN
    return labels


def run(model, labels):
    """Losses, and what went into them as arrays of float64."""
    for parameter in model.head.parameters():
        torch.nn.init.normal_(parameter, std=0.02)
    # In front of the camera, near enough for the camera term to be felt.
    torch.nn.init.normal_(model.head.cam.weight, std=1e-3)
    model.head.cam.bias.data = torch.tensor([0.3, 0.2, -0.1])
    seen = {}
    for name in ('neck', 'head'):
        getattr(model, name).register_forward_hook(
            lambda _, inputs, outputs, name=name: seen.update({name: outputs})
        )
    samples = make_data_samples(labels, model.body_model.body_model_id)
    images = torch.randn(4, 3, 64, 64, generator=torch.manual_seed(0))
    losses = model(images, samples, mode='loss')
    neck, head = (
        {k: x.detach().double().numpy() for k, x in part._asdict().items()}
        for part in (seen['neck'], seen['head'])
    )
    return losses, neck, head


@pytest.fixture
def ran(model, labels):
    return run(model, labels)


def mean_square(pred, target, rows):
    return np.mean([np.mean((pred[i] - target[i]) ** 2) for i in rows])


def predicted_joints(model, head):
    """J24 of the regressed bodies."""
    body = model.body_model.neutral
    rotmat = torch.from_numpy(head['pose_rotmat']).float()
    posed = body(
        betas=torch.from_numpy(head['betas']).float(),
        body_pose=rotmat[:, 1:],
        global_orient=rotmat[:, :1],
        pose2rot=False,
    )
    return body.joint_set(posed, 'j24').double().numpy()


# Focal lengths per half a crop: 5000 px for 224 px; the 500 px of the diagonal
# of pictures whose middle is that of a box of 250 px.
@pytest.mark.parametrize(
    ('camera', 'focal'),
    [(CropCamera, 5000 / 112), (FullImageCamera, 500 / 125)],
)
def test_key_points_2d(model, labels, camera, focal):
    model.camera = camera()
    losses, neck, head = run(model, labels)
    scale, tx, ty = head['cam'].T
    place = np.stack([tx, ty, focal / scale], -1)
    placed = predicted_joints(model, head) + place[:, None]
    target = labels['keypoints_2d'][:, 25:].double().numpy()
    target[3] = 0
    for name, pred in (
        ('aux_keypoints_2d', neck['aux_keypoints_2d']),
        ('keypoints_2d', focal * placed[..., :2] / placed[..., 2:]),
    ):
        error = target[..., 2:] * (pred - target[..., :2]) ** 2
        assert losses[f'loss_{name}'].item() == pytest.approx(
            300 * error.mean(), rel=1e-4
        )


def test_key_points_3d(ran, labels, model):
    losses, neck, head = ran
    target = labels['keypoints_3d'].double().numpy()
    for name, pred in (
        ('aux_keypoints_3d', neck['aux_keypoints_3d']),
        ('keypoints_3d', predicted_joints(model, head)),
    ):
        pred, true = (
            x - (x[:, 2:3] + x[:, 3:4]) / 2 for x in (pred, target[..., :3])
        )
        error = (target[..., 3:] * (pred - true) ** 2)[[0, 1, 3]]
        assert losses[f'loss_{name}'].item() == pytest.approx(
            300 * error.mean(), rel=1e-4
        )


def test_body_and_camera(ran, labels):
    losses, _, head = ran
    pose = labels['smpl_pose'].numpy()
    true = {i: Rotation.from_rotvec(pose[i]).as_matrix() for i in (0, 2, 3)}
    betas = labels['betas'].double().numpy()
    expected = dict(
        pose=60 * mean_square(head['pose_rotmat'], true, true),
        betas=0.06 * mean_square(head['betas'], betas, (2, 3)),
        camera=60 * np.mean(np.exp(-10 * head['cam'][:, 0]) ** 2),
    )
    for name, value in expected.items():
        assert losses[f'loss_{name}'].item() == pytest.approx(value, rel=1e-4)


def test_relative_depth(ran, labels, model):
    losses, _, head = ran
    parts = model.body_model.part_labels.numpy()
    true = {}
    for i in (0, 2, 3):
        posed = model.body_model(
            betas=labels['betas'][[i]],
            body_pose=labels['smpl_pose'][[i], 1:].flatten(1),
            global_orient=labels['smpl_pose'][[i], 0],
            gender=labels['gender'][[i]],
        )
        joints, vertices = posed.joints[0].numpy(), posed.vertices[0].numpy()
        centres = [vertices[parts == k].mean(0) for k in range(24)]
        up = (joints[16] + joints[17] - joints[1] - joints[2]) / 2
        up /= np.linalg.norm(up)
        left = joints[16] - joints[17] + joints[1] - joints[2]
        left -= (left @ up) * up
        left /= np.linalg.norm(left)
        axes = np.stack([np.cross(left, up), left, up])
        true[i] = (centres - joints[0]) @ axes.T
    assert losses['loss_rel_depth'].item() == pytest.approx(
        300 * mean_square(head['rel_depth'], true, true), rel=1e-4
    )


def test_segmentation(ran, labels, model):
    """Of row 2 alone; its map is tested by itself."""
    losses, neck, _ = ran
    samples = make_data_samples(labels, model.body_model.body_model_id)
    crops = torch.tensor([[2 * 5000 / 224] * 2 + [0.0, 0.0]] * 4)
    part_map = model.target_builder(samples, model.body_model, crops).part_map
    part_map = part_map[2].numpy()
    assert (part_map > 0).mean() > 0.05
    odds = np.exp(neck['part_logits'][2])
    likelihood = np.take_along_axis(odds / odds.sum(0), part_map[None], 0)
    inside = 1 / (1 + np.exp(-neck['body_logits'][2, 0]))
    right = np.where(part_map > 0, inside, 1 - inside)
    for name, value in (('part_seg', likelihood), ('body_seg', right)):
        assert losses[f'loss_{name}'].item() == pytest.approx(
            -60 * np.log(value).mean(), rel=1e-4
        )
