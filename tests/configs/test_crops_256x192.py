"""CLIFF's crops: annotated people and others come out at the official size."""

import cv2
import numpy as np
import pytest
from mmengine.config import Config
from mmengine.dataset import Compose
from mmengine.registry import init_default_scope

from mmbopr.apis import load_person
from mmbopr.datasets import BodyMeshDataset
from mmbopr.testing.dots import draw_dots, find_dot
from mmbopr.testing.people import make_people

LEAVES = ('cliff_hrnet-w48', 'cliff_resnet50')


@pytest.fixture(params=LEAVES)
def config(request, pytestconfig):
    init_default_scope('mmbopr')
    name = f'{request.param}_1xb64-175k_coco-eft-256x192.py'
    return Config.fromfile(pytestconfig.rootpath / 'configs/cliff' / name)


def test_all_pipelines_narrow_the_box_before_it_is_used(config):
    (source,) = config.train_dataloader.dataset.datasets
    for holder in (
        source,
        config.val_dataloader.dataset,
        config.test_dataloader.dataset,
    ):
        steps = {step.type: step for step in holder.pipeline}
        names = list(steps)
        narrow = names.index('NarrowSquareBBox')
        assert narrow < names.index('MeshTopdownAffine')
        assert steps['NarrowSquareBBox'].input_size == (192, 256)
        assert steps['MeshTopdownAffine'].input_size == (192, 256)
        if 'reduce_for' in steps['LoadMeshImage']:
            assert narrow < names.index('LoadMeshImage')
    assert config.model.target_builder.map_size == (48, 64)


def test_a_picture_without_annotations_comes_out_at_that_size(
    config, tmp_path
):
    points = np.array([[60.5, 40.5], [55.5, 30.5]])
    colours = np.full((2, 3), 250.0)
    path = tmp_path / 'dots.png'
    cv2.imwrite(str(path), draw_dots(points, colours, (120, 80), 1.0))
    pipeline = Compose(config.test_dataloader.dataset.pipeline)
    data = load_person(pipeline, path, [50, 20, 20, 40])
    np.testing.assert_allclose(
        data['data_samples'].bbox_scale, [30, 40], rtol=1e-6
    )
    crop = data['inputs'].permute(1, 2, 0).numpy()
    assert crop.shape == (256, 192, 3)
    # 40 px of the picture are 256 of the crop, whose middle is at (60, 40).
    for point in (points - [60, 40]) * 256 / 40 + [96, 128]:
        found, _ = find_dot(crop, point, 20)
        np.testing.assert_allclose(found, point, atol=0.2)


def test_annotated_people_come_out_likewise(config, tmp_path):
    make_people(tmp_path, 2)
    pipeline = config.test_dataloader.dataset.pipeline
    dataset = BodyMeshDataset(
        'people.npz', data_root=str(tmp_path), pipeline=pipeline
    )
    info, sample = dataset.get_data_info(1), dataset[1]['data_samples']
    side = info['bbox_scale'][0, 0]
    np.testing.assert_allclose(
        sample.bbox_scale, [0.75 * side, side], rtol=1e-6
    )
    x, y = info['bbox_center'][0] - side / 2
    data = load_person(Compose(pipeline), info['img_path'], [x, y, side, side])
    np.testing.assert_allclose(
        data['data_samples'].bbox_scale, sample.bbox_scale, rtol=1e-5
    )
    np.testing.assert_allclose(
        data['data_samples'].bbox_center, sample.bbox_center, rtol=1e-5
    )
