from types import SimpleNamespace

import cv2
import numpy as np
import pytest
import torch
from mmengine.structures import InstanceData

import mmbopr  # noqa: F401  (repairs imports of mmpose)
from mmbopr.registry import HOOKS, VISUALIZERS
from mmbopr.testing.results import make_result
from mmbopr.utils.camera import perspective_project
from mmbopr.visualization import draw_result

IMAGE = np.full((120, 160, 3), 90, np.uint8)


@pytest.fixture(scope='module')
def visualizer():
    return VISUALIZERS.build(
        dict(type='MeshLocalVisualizer', name='test_mesh_visualizer')
    )


def changed(picture):
    """(h, w) bool: where a picture of the same size as IMAGE is not it."""
    return (picture[:, :160] != IMAGE).any(-1)


def test_person_is_drawn_where_it_projects_to(visualizer, sample, tmp_path):
    out_file = tmp_path / 'sub/person.png'
    picture = visualizer.add_datasample(
        'person', IMAGE, sample, out_file=str(out_file)
    )
    # Image and side view, a square as high as it.
    assert picture.shape == (120, 160 + 120, 3)
    predictions = sample.pred_instances
    pixels = perspective_project(
        predictions.vertices + predictions.cam_transl_full,
        predictions.K_full,
    )[0].numpy()
    rows, columns = np.nonzero(changed(picture))
    drawn = np.array([columns.min(), rows.min(), columns.max(), rows.max()])
    expected = np.concatenate([pixels.min(0), pixels.max(0)])
    np.testing.assert_allclose(drawn + 0.5, expected, atol=1.5)
    # The body leans on white, seen from the side: narrow.
    side = (picture[:, 160:] < 255).any(-1)
    assert np.ptp(np.nonzero(side)[1]) < 0.5 * np.ptp(np.nonzero(side)[0])
    written = cv2.imread(str(out_file))[..., ::-1]
    np.testing.assert_array_equal(written, picture)


def test_ground_truth_is_drawn_beside(visualizer, sample, tmp_path):
    shift = torch.tensor([0.3, 0.0, 0.0])
    predictions = sample.pred_instances
    truth = predictions.vertices + predictions.cam_transl_full + shift
    sample.gt_instance_labels = InstanceData(gt_vertices=truth)
    picture = visualizer.add_datasample(
        'person', IMAGE, sample, out_file=str(tmp_path / 'x.png')
    )
    assert picture.shape == (120, 2 * (160 + 120), 3)
    left = np.nonzero(changed(picture))[1].min()
    right = np.nonzero(changed(picture[:, 280:]))[1].min()
    # 0.3 m at 3 m with a focal length of 120 px: 12 px.
    assert right - left == pytest.approx(12, abs=1)


def test_other_body_model_is_refused(visualizer, sample):
    sample.set_metainfo(dict(pred_body_model_id='smpl'))
    with pytest.raises(ValueError, match=r"'open-1'.*'smpl'.*model_path"):
        visualizer.add_datasample('person', IMAGE, sample)


def test_people_of_two_cameras_are_refused(visualizer, sample):
    one = sample.pred_instances
    other = one.clone()
    other.K_full = one.K_full + 5
    sample.pred_instances = InstanceData.cat([one, other])
    with pytest.raises(ValueError, match='same K_full'):
        visualizer.add_datasample('person', IMAGE, sample)


def test_hook_saves_a_picture_every_interval(visualizer, sample, tmp_path):
    cv2.imwrite(str(tmp_path / 'person.png'), IMAGE)
    sample.set_metainfo(dict(img_path=str(tmp_path / 'person.png')))
    hook = HOOKS.build(
        dict(
            type='MeshVisualizationHook',
            enable=True,
            interval=2,
            out_dir='pictures',
        )
    )
    hook._visualizer = visualizer
    evaluator = SimpleNamespace(dataset_meta=dict(dataset_name='open'))
    runner = SimpleNamespace(
        work_dir=str(tmp_path), timestamp='now', test_evaluator=evaluator
    )
    for batch in range(3):
        hook.after_test_iter(runner, batch, None, [sample])
    saved = sorted(p.name for p in (tmp_path / 'now/pictures').iterdir())
    assert saved == ['person_0.png', 'person_1.png']
    picture = cv2.imread(str(tmp_path / 'now/pictures/person_1.png'))
    assert picture.shape == (120, 280, 3)


@pytest.fixture
def red_person(sample, tmp_path):
    """A sample whose picture, on the disk, is red."""
    red = np.full((120, 160, 3), (0, 0, 200), np.uint8)  # BGR
    cv2.imwrite(str(tmp_path / 'person.png'), red)
    sample.set_metainfo(dict(img_path=str(tmp_path / 'person.png')))
    return sample


def is_red_with_a_blue_person(picture):
    corner, chest = picture[2, 2].astype(int), picture[58, 88].astype(int)
    return tuple(corner) == (200, 0, 0) and chest[2] > chest[0] + 30


@pytest.mark.parametrize('scope', ['mmpose', 'mmbopr'])
def test_hooks_of_validation_feed_every_backend(red_person, tmp_path, scope):
    """MMPose's own hook, and ours."""
    name = {'mmpose': 'PoseVisualizationHook'}
    hook = HOOKS.build(
        dict(
            type=f'{scope}.{name.get(scope, "MeshVisualizationHook")}',
            enable=True,
            interval=1,
        )
    )
    hook._visualizer = VISUALIZERS.build(
        dict(
            type='MeshLocalVisualizer',
            name=f'backends_{scope}',
            vis_backends=[
                dict(type='LocalVisBackend'),
                dict(type='TensorboardVisBackend'),
            ],
            save_dir=str(tmp_path / 'vis'),
        )
    )
    evaluator = SimpleNamespace(dataset_meta=dict(dataset_name='open'))
    runner = SimpleNamespace(iter=40, val_evaluator=evaluator)
    batch = dict(data_samples=[red_person])
    hook.after_val_iter(runner, 2, batch, [red_person])
    hook._visualizer.close()
    (local,) = (tmp_path / 'vis').rglob('val_img_42.png')
    assert is_red_with_a_blue_person(cv2.imread(str(local))[..., ::-1])
    from tensorboard.backend.event_processing import event_accumulator

    (events,) = (tmp_path / 'vis').rglob('events.out.*')
    logged = event_accumulator.EventAccumulator(str(events))
    logged.Reload()
    (image,) = logged.Images('val_img')
    assert image.step == 42
    picture = cv2.imdecode(
        np.frombuffer(image.encoded_image_string, np.uint8), cv2.IMREAD_COLOR
    )
    assert is_red_with_a_blue_person(picture[..., ::-1])


def test_hook_of_mmpose_saves_rgb_as_it_is(visualizer, red_person, tmp_path):
    hook = HOOKS.build(
        dict(type='mmpose.PoseVisualizationHook', enable=True, out_dir='vis')
    )
    hook._visualizer = visualizer
    evaluator = SimpleNamespace(dataset_meta=dict(dataset_name='open'))
    runner = SimpleNamespace(
        work_dir=str(tmp_path), timestamp='now', test_evaluator=evaluator
    )
    hook.after_test_iter(runner, 0, None, [red_person])
    (saved,) = (tmp_path / 'now/vis').iterdir()
    assert is_red_with_a_blue_person(cv2.imread(str(saved))[..., ::-1])


def test_results_of_the_inferencer_are_drawn(visualizer, body, tmp_path):
    image = np.full((480, 640, 3), 90, np.uint8)
    result = make_result(2, seed=4)
    out_file = tmp_path / 'result.png'
    picture = visualizer.add_result(
        'people', image, result, ['mesh', 'top'], out_file=str(out_file)
    )
    expected = draw_result(image, result, body, ['mesh', 'top'])
    np.testing.assert_array_equal(picture, expected)
    written = cv2.imread(str(out_file))[..., ::-1]
    np.testing.assert_array_equal(written, expected)
