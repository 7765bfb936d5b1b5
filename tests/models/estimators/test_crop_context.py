"""What the samples tell of their crops, checked by re-projection."""

import numpy as np
import pytest
import torch
from mmengine.registry import DATASETS

from mmbopr.body_models import GenderedSMPL
from mmbopr.models import CropCamera, FullImageCamera
from mmbopr.models.estimators.crop_context import crop_context
from mmbopr.structures import J24_IN_SPIN_49
from mmbopr.testing.people import make_people
from mmbopr.utils.camera import fit_translation, perspective_project


@pytest.fixture(scope='module')
def annotated(tmp_path_factory):
    folder = tmp_path_factory.mktemp('people')
    make_people(folder, 4)
    return folder


def samples_of(folder, steps, shift=(0.0, 0.0)):
    """Samples whose boxes are shifted away from the optical axis."""
    dataset = DATASETS.build(
        dict(
            type='mmbopr.BodyMeshDataset',
            ann_file='people.npz',
            data_root=str(folder),
        )
    )
    samples = []
    for i in range(len(dataset)):
        info = dataset.get_data_info(i)
        info['bbox_center'] = info['bbox_center'] + np.float32(shift)
        for step in steps:
            info = step(info)
        samples.append(info['data_samples'])
    return samples


def pipeline(rotation=0.0, flip=False, size=(64, 64)):
    from mmbopr.datasets import (
        LoadMeshImage,
        MeshTopdownAffine,
        PackMeshInputs,
    )

    def augment(info):
        info['bbox_rotation'] = np.float32([rotation])
        info['flip'] = flip
        return info

    return [
        augment, LoadMeshImage(), MeshTopdownAffine(size), PackMeshInputs()
    ]  # fmt: skip


@pytest.mark.parametrize('rotation', [0.0, 35.0, -60.0])
@pytest.mark.parametrize('flip', [False, True])
@pytest.mark.parametrize('size', [(64, 64), (48, 64)])
def test_the_full_image_camera_explains_every_crop(
    annotated, rotation, flip, size
):
    """Off the axis, turned, mirrored: bodies still project onto key points."""
    steps = pipeline(rotation, flip, size)
    samples = samples_of(annotated, steps, shift=(40, -25))
    crops = crop_context(samples, 'cpu')
    labels = [sample.gt_instance_labels for sample in samples]
    pose = torch.cat([x.smpl_pose for x in labels]).float()
    body = GenderedSMPL('open')
    posed = body(
        betas=torch.cat([x.betas for x in labels]),
        body_pose=pose[:, 1:].flatten(1),
        global_orient=pose[:, 0],
        gender=torch.cat([x.gender for x in labels]),
    )
    joints = body.joint_set(posed, 'j24')
    keypoints = torch.cat([x.keypoints_2d for x in labels])[:, J24_IN_SPIN_49]
    K = FullImageCamera().intrinsics(crops)
    ones = torch.ones(joints.shape[:2])
    transl, found = fit_translation(joints, keypoints[..., :2], ones, K)
    assert found.all()
    seen = perspective_project(joints + transl[:, None], K)
    np.testing.assert_allclose(seen, keypoints[..., :2], atol=2e-3)


def test_unknown_intrinsics_are_filled_in(samples):
    crops = crop_context(samples, 'cpu')
    assert crops.K.tolist() == [[500.0, 500.0, 200.0, 150.0]] * 4
    assert crops.bbox.tolist() == [[200.0, 150.0, 250.0, 250.0]] * 4


def test_given_intrinsics_are_kept(samples):
    samples[1].set_metainfo({'K': [900.0, 910.0, 190.0, 160.0]})
    crops = crop_context(samples, 'cpu')
    assert crops.K[1].tolist() == [900.0, 910.0, 190.0, 160.0]
    assert crops.K[0, 0] == 500


def test_both_cameras_agree_for_a_distant_person(crops):
    """Far away and on the axis, perspective does not matter."""
    crops = crops._replace(K=crops.K * torch.tensor([100.0, 100, 1, 1]))
    crops.bbox[:, :2] = crops.K[:, 2:]
    cam = torch.tensor([[0.9, 0.1, -0.2], [0.7, 0.0, 0.1]])
    points = torch.randn(2, 9, 3, generator=torch.manual_seed(0)) * 0.4
    np.testing.assert_allclose(
        FullImageCamera().project(points, cam, crops),
        CropCamera().project(points, cam, crops),
        atol=0.02,
    )


def test_the_full_image_camera_is_exact_by_hand():
    """A person 4 m before a camera of 1000 px, in a box of 500 px."""
    from mmbopr.structures.predictions import CropContext

    crops = CropContext(
        bbox=torch.tensor([[800.0, 500, 500, 500]]),
        K=torch.tensor([[1000.0, 1000, 640, 360]]),
        keypoint_prompts=torch.zeros(1, 17, 3),
    )
    # s = f / (z b / 2); the offset of the box is added to tx, ty.
    cam = torch.tensor([[1.0, 0.05, -0.02]])
    transl = FullImageCamera().translation(cam, crops)
    np.testing.assert_allclose(
        transl, [[0.05 + 160 / 250, -0.02 + 140 / 250, 4]], atol=1e-6
    )
    point = torch.tensor([[[0.1, -0.3, -1.0]]])
    pixel = 1000 * (point + transl[:, None])[0, 0, :2] / 3 + crops.K[0, 2:]
    expected = (pixel - crops.bbox[0, :2]) / 250
    np.testing.assert_allclose(
        FullImageCamera().project(point, cam, crops)[0, 0], expected, atol=1e-5
    )
