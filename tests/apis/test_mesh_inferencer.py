import cv2
import numpy as np
import pytest
import torch
from mmengine.config import Config
from mmengine.dataset import pseudo_collate
from PIL import Image

from mmbopr.body_models import SMPL
from mmbopr.registry import DATASETS
from mmbopr.structures.mesh_result import MeshResult
from mmbopr.structures.picture import Picture

ARRAYS = ('global_orient', 'body_pose', 'betas', 'cam_t_full', 'keypoints_2d')


@pytest.fixture(scope='module')
def dataset(tiny_model):
    cfg = Config.fromfile(tiny_model / 'config.py')
    return DATASETS.build(cfg.test_dataloader.dataset)


@pytest.fixture(scope='module')
def known(dataset):
    """Pictures, boxes and camera of the test set's people."""
    rows = [dataset.get_data_info(i) for i in range(len(dataset))]
    sides = np.stack([row['bbox_scale'] for row in rows]) / 2
    centres = np.stack([row['bbox_center'] for row in rows])
    boxes = np.concatenate([centres - sides, centres + sides], 2)
    options = dict(bboxes=boxes, bbox_margin=1, K=rows[0]['K'])
    return [row['img_path'] for row in rows], options


def assert_equal(found, expected):
    assert len(found) == len(expected)
    for ours, theirs in zip(found, expected, strict=True):
        for name in ARRAYS:
            np.testing.assert_allclose(
                getattr(ours, name), getattr(theirs, name), rtol=1e-4,
                atol=1e-4, err_msg=name,
            )  # fmt: skip


def test_it_says_what_the_estimator_says_of_the_test_set(
    inferencer, dataset, known
):
    paths, options = known
    (batch,) = [pseudo_collate([dataset[i] for i in range(len(dataset))])]
    samples = inferencer.model.test_step(batch)
    results = inferencer(paths, return_vertices=True, **options)
    body = SMPL('open')
    for sample, result in zip(samples, results['predictions'], strict=True):
        expected = sample.pred_instances
        np.testing.assert_allclose(
            result.vertices, expected.vertices, atol=1e-5
        )
        np.testing.assert_allclose(
            result.cam_t_full, expected.cam_transl_full, rtol=1e-4
        )
        np.testing.assert_allclose(result.K, expected.K_full[0])
        # The parameters give the very mesh back.
        posed = body(
            *(torch.from_numpy(getattr(result, name)) for name in
              ('betas', 'body_pose', 'global_orient'))
        )  # fmt: skip
        np.testing.assert_allclose(posed.vertices, result.vertices, atol=1e-4)


def test_key_points_are_the_joints_seen_by_the_camera(inferencer, known):
    paths, options = known
    fx, fy, cx, cy = options['K']
    for result in inferencer(paths, **options)['predictions']:
        x, y, z = np.moveaxis(result.joints + result.cam_t_full[:, None], 2, 0)
        expected = np.stack([fx * x / z + cx, fy * y / z + cy], -1)
        np.testing.assert_allclose(
            result.keypoints_2d, expected, rtol=1e-4, atol=1e-2
        )
        assert result.img_shape == (72, 96) and result.vertices is None


def test_without_a_camera_the_diagonal_is_the_focal_length(inferencer, known):
    (result,) = inferencer(known[0][0])['predictions']
    np.testing.assert_allclose(result.K, [120, 120, 48, 36])
    matrix = [[90, 0, 40], [0, 80, 30], [0, 0, 1]]
    (given,) = inferencer(known[0][0], K=matrix)['predictions']
    assert given.K.tolist() == [90, 80, 40, 30]
    # The crop says how large a person looks: depth goes with focal length.
    np.testing.assert_allclose(
        given.cam_t_full[:, 2] / 90, result.cam_t_full[:, 2] / 120, rtol=1e-5
    )


def test_people_are_batched_over_pictures_without_mixing_them(
    inferencer, known
):
    paths, _ = known
    rng = np.random.default_rng(0)
    corners = rng.uniform(0, 40, (7, 2))
    boxes = np.concatenate([corners, corners + 30], 1)
    options = dict(bboxes=[boxes[:3], [], boxes[3:4], [], boxes[4:]])
    whole = inferencer(paths, batch_size=100, **options)['predictions']
    assert [len(result) for result in whole] == [3, 0, 1, 0, 3]
    assert [result.img_path for result in whole] == paths
    for size in (1, 2):
        parts = inferencer(paths, batch_size=size, **options)['predictions']
        assert_equal(parts, whole)
    np.testing.assert_allclose(whole[0].bbox, boxes[:3], rtol=1e-6)


def test_the_network_never_sees_more_than_a_batch(
    inferencer, known, monkeypatch
):
    sizes = []
    test_step = inferencer.model.test_step

    def count(batch):
        sizes.append(len(batch['inputs']))
        return test_step(batch)

    monkeypatch.setattr(inferencer.model, 'test_step', count)
    boxes = [[0, 0, 40, 50]]
    counts = (1, 5, 1, 1, 1)
    inferencer(known[0], batch_size=4, bboxes=[boxes * n for n in counts])
    assert sizes == [3, 3, 3]


def test_a_turned_photo_gives_the_same(inferencer, tmp_path, known):
    upright = Image.fromarray(cv2.imread(known[0][0])[..., ::-1])
    upright.save(tmp_path / 'upright.png')
    exif = Image.Exif()
    exif[0x112] = 6
    turned = upright.transpose(Image.Transpose.ROTATE_90)
    turned.save(tmp_path / 'turned.png', exif=exif)
    expected, found = (
        inferencer(tmp_path / f'{name}.png')['predictions']
        for name in ('upright', 'turned')
    )
    assert_equal(found, expected)
    assert found[0].img_shape == expected[0].img_shape


def test_results_pictures_and_files(inferencer, known, tmp_path):
    out = inferencer(
        known[0][:2],
        return_vis=True,
        vis_out_dir=str(tmp_path / 'vis'),
        pred_out_dir=str(tmp_path / 'pred'),
    )
    for result, drawn in zip(
        out['predictions'], out['visualization'], strict=True
    ):
        name = result.img_path.rpartition('/')[2]
        saved = cv2.imread(str(tmp_path / 'vis' / f'{name}.jpg'))
        assert drawn.shape == saved.shape == (72, 96, 3)
        assert np.abs(drawn[..., ::-1].astype(int) - saved).mean() < 8
        again = MeshResult.load(tmp_path / 'pred' / f'{name}.json')
        assert_equal([again], [result])
    assert inferencer(known[0][0])['visualization'] == []


@pytest.fixture
def namesakes(tmp_path):
    """Two pictures of one name; no work is to begin on them."""
    paths = [tmp_path / 'a/1.png', tmp_path / 'b/1.png']
    for path in paths:
        path.parent.mkdir()
        path.write_text('no picture')
    return paths


@pytest.mark.parametrize('option', ['vis_out_dir', 'pred_out_dir'])
def test_files_of_one_name_are_refused_at_once(
    inferencer, namesakes, tmp_path, option
):
    first, second = namesakes
    with pytest.raises(ValueError, match=f'^{first} and {second} have the'):
        inferencer(namesakes, **{option: str(tmp_path / 'out')})
    assert not (tmp_path / 'out').exists()


def test_pictures_of_a_stream_are_refused_in_their_turn(inferencer, tmp_path):
    img = np.zeros((40, 30, 3), np.uint8)
    paths = ['a/1.png', 'a/1.png', './a/1.png', 'a/2.png', 'b/1.png']
    stream = inferencer.stream(
        (Picture(img, path) for path in paths), 1, pred_out_dir=str(tmp_path)
    )
    for _ in range(4):
        next(stream)
    with pytest.raises(ValueError, match=r'a/1\.png and b/1\.png have the'):
        next(stream)
    results = [MeshResult.load(path) for path in sorted(tmp_path.iterdir())]
    assert [x.img_path for x in results] == ['./a/1.png', 'a/2.png']


def test_frames_of_two_videos_are_told_apart_by_the_video(
    inferencer, tmp_path
):
    img = np.zeros((40, 30, 3), np.uint8)
    frames = [Picture(img, 'a/v.mp4', i) for i in range(3)]
    inferencer(frames, vis_out_dir=str(tmp_path), pred_out_dir=str(tmp_path))
    assert len(list(tmp_path.iterdir())) == 6
    frames.append(Picture(img, 'b/v.mp4', 0))
    with pytest.raises(ValueError, match=r'a/v\.mp4 and b/v\.mp4'):
        inferencer(frames, vis_out_dir=str(tmp_path))
    assert len(inferencer(frames)['predictions']) == 4


def test_data_samples_in_place_of_results(inferencer, known):
    boxes = [[[0, 0, 40, 50]] * 2, []]
    out = inferencer(known[0][:2], return_datasamples=True, bboxes=boxes)
    first, second = out['predictions']
    assert [s.pred_instances.betas.shape for s in first] == [(1, 10)] * 2
    assert second == []


def test_a_stream_gives_results_as_they_come(inferencer):
    seen = []

    def pictures():
        for frame in range(6):
            seen.append(frame)
            yield Picture(np.zeros((40, 30, 3), np.uint8), 'film', frame)

    stream = inferencer.stream(pictures(), batch_size=2)
    assert next(stream).frame == 0 and seen == [0, 1]
    assert [result.frame for result in stream] == [1, 2, 3, 4, 5]


def test_nobody_in_a_picture_is_no_error(inferencer, tmp_path):
    img = np.zeros((40, 30, 3), np.uint8)
    (result,) = inferencer(
        img, bboxes=[[]], return_vertices=True, vis_out_dir=str(tmp_path)
    )['predictions']
    assert len(result) == 0 and result.body_model_id == 'open-1'
    assert cv2.imread(str(tmp_path / 'array 0.jpg')).shape == img.shape


@pytest.mark.parametrize(
    ('options', 'message'),
    [
        (dict(bboxes=[[], []]), '2 pictures, but 1'),
        (dict(K=[0, 1, 2, 3]), 'positive focal'),
        (dict(batch_size=0), 'at least 1, found 0'),
        (dict(bbox=[]), "unknown argument {'bbox'}"),
    ],
)
def test_bad_options_are_named(inferencer, options, message):
    with pytest.raises(ValueError, match=message):
        inferencer(np.zeros((40, 30, 3), np.uint8), **options)


def test_a_one_pixel_picture_is_a_picture(inferencer):
    (result,) = inferencer(np.zeros((1, 1, 3), np.uint8))['predictions']
    assert len(result) == 1 and np.isfinite(result.keypoints_2d).all()
