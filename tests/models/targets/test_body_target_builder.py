"""Targets of a batch: what they hold, and which rows may use them."""

import numpy as np
import pytest
import torch

from mmbopr.engine.dry_batch import make_data_samples, make_labels
from mmbopr.models.targets import BodyTargetBuilder
from mmbopr.structures import J24_IN_SPIN_49, SMPL_24
from mmbopr.utils.camera import virtual_intrinsics

# Of a rotation vector, at the plane x = 0.
MIRROR = torch.tensor([1.0, -1.0, -1.0])


def build(body, labels, map_size=56):
    samples = make_data_samples(labels, body.body_model_id)
    K = virtual_intrinsics(torch.ones(len(samples), 2))
    return BodyTargetBuilder(map_size)(samples, body, K)


def test_a_full_batch_supervises_everything(body, labels):
    targets = build(body, labels)
    for name in ('keypoints_3d', 'smpl', 'betas', 'rel_depth', 'segmentation'):
        assert getattr(targets, f'has_{name}').all(), name
    assert targets.part_map.shape == (4, 56, 56)
    assert targets.part_map.max() <= 24
    assert (targets.part_map > 0).flatten(1).any(1).all()
    torch.testing.assert_close(
        targets.keypoints_2d, labels['keypoints_2d'][:, J24_IN_SPIN_49]
    )


def test_parts_lie_where_their_joints_project(body, labels):
    targets = build(body, labels)
    parts = {'left_knee': 4, 'right_knee': 5, 'left_wrist': 20}
    spin = {'left_knee': 13, 'right_knee': 10, 'left_wrist': 7}
    for name, part in parts.items():
        xy = labels['keypoints_2d'][:, spin[name], :2]
        centre = _mean_pixel(targets.part_map == part + 1)
        np.testing.assert_allclose(centre, (xy + 1) * 28, atol=6)


def _mean_pixel(mask):
    y, x = torch.meshgrid(*[torch.arange(56.0) + 0.5] * 2, indexing='ij')
    count = mask.sum((1, 2))
    return (
        torch.stack([(x * mask).sum((1, 2)), (y * mask).sum((1, 2))], -1)
        / count[:, None]
    )


def test_a_mirrored_person_gives_the_mirrored_relabelled_map(body, labels):
    straight = build(body, labels).part_map
    flip = list(SMPL_24.flip_indices)
    labels = dict(labels)
    labels['smpl_pose'] = labels['smpl_pose'][:, flip] * MIRROR
    mirrored = _mirror_keypoints(labels['keypoints_2d'])
    labels['keypoints_2d'] = mirrored
    flipped = build(body, labels).part_map
    relabel = torch.tensor([0, *(1 + np.array(flip))])
    expected = relabel[straight].flip(-1)
    # Triangles that pass through pixel centres may go either way.
    assert (flipped == expected).float().mean() > 0.995


def _mirror_keypoints(keypoints):
    from mmbopr.structures import SPIN_49

    keypoints = keypoints[:, list(SPIN_49.flip_indices)].clone()
    keypoints[..., 0] *= -1
    return keypoints


@pytest.mark.parametrize('flag', ['has_smpl', 'has_segmentation'])
def test_rows_without_labels_are_not_used(body, labels, flag):
    labels[flag][1] = False
    targets = build(body, labels)
    assert targets.has_segmentation.tolist() == [True, False, True, True]
    if flag == 'has_smpl':
        assert targets.has_rel_depth.tolist() == [True, False, True, True]


def test_nan_labels_of_unlabelled_rows_stay_out(body, labels):
    for key, flag in (
        ('smpl_pose', 'has_smpl'),
        ('betas', 'has_smpl'),
        ('keypoints_2d', 'has_keypoints_2d'),
    ):
        labels[key][2] = float('nan')
        labels[flag][2] = False
    targets = build(body, labels)
    for value in targets[:6]:
        assert torch.isfinite(value).all()
    assert targets.has_segmentation.tolist() == [True, True, False, True]


def test_gendered_betas_are_masked(body, labels):
    labels['gender'][0] = 0
    targets = build(body, labels)
    assert targets.has_betas.tolist() == [False, True, True, True]
    assert targets.has_smpl.all()


def test_a_person_outside_the_crop_is_not_segmented(body, labels):
    labels['keypoints_2d'][3, :, 0] += 5
    targets = build(body, labels)
    assert targets.has_segmentation.tolist() == [True, True, True, False]


def test_no_gradient_and_no_state(body):
    labels = make_labels(body, 1)
    targets = build(body, labels)
    assert not any(t.requires_grad for t in targets)


def test_mixed_precision_leaves_the_ground_truth_alone(body, labels):
    expected = build(body, labels)
    with torch.autocast('cpu', dtype=torch.bfloat16):
        targets = build(body, labels)
    for ours, theirs in zip(targets, expected, strict=True):
        assert ours.dtype == theirs.dtype
        assert torch.equal(ours, theirs)


def test_a_map_may_be_higher_than_wide(body, labels):
    square = build(body, labels).part_map
    oblong = build(body, labels, (14, 56)).part_map
    assert oblong.shape == (4, 56, 14)
    # Its pixel centres lie between the second and third of four columns.
    left, right = square[:, :, 1::4], square[:, :, 2::4]
    same = (oblong == left) | (oblong == right)
    assert same.float().mean() > 0.99
    assert (left == oblong.roll(1, 2)).float().mean() < 0.9
