import numpy as np
import pytest

from mmbopr.datasets import Human36mMeshDataset
from mmbopr.datasets.converters import (
    ConversionError,
    H36MConverter,
    Unit,
    convert_dataset,
)
from mmbopr.testing.conversion import (
    assert_answers,
    assert_mirrored,
    build_targets,
    load_columns,
    make_crops,
)
from mmbopr.testing.miniature import make_crowd
from mmbopr.testing.miniature.h36m import (
    J24_JOINTS,
    corners,
    write_h36m,
    write_poses,
)

pytest.importorskip('cdflib')
h5py = pytest.importorskip('h5py')


@pytest.fixture(scope='module')
def crowd():
    return make_crowd(3, 1)


@pytest.fixture(scope='module')
def converted(crowd, tmp_path_factory):
    folder = tmp_path_factory.mktemp('h36m')
    for camera in ('54138969', '60457274'):
        write_h36m(folder, crowd, camera=camera)
    write_h36m(folder, crowd, subject='S11')
    # Repeats other actions, and has no pictures.
    path = folder / 'S9/MyPoseFeatures/D3_Positions_mono/_ALL 1.60457274.cdf'
    write_poses(path, np.zeros((1, 32, 3)))
    return convert(folder)


def convert(folder, split='test'):
    out = folder / f'{split}.npz'
    convert_dataset(H36MConverter(folder, split, partial=True), out)
    return out


def test_rows_are_the_known_answers(crowd, converted):
    columns = load_columns(converted)
    answers = {k: np.concatenate([v] * 3) for k, v in crowd.answers().items()}
    assert_answers(columns, answers, 'kp2d', 'kp3d', 'gender', 'img_hw')
    assert columns['frame'].tolist() == [0, 5, 10] * 3
    assert columns['seq'][::3].tolist() == [
        'S9_Walking_1.54138969', 'S9_Walking_1.60457274',
        'S11_Walking_1.60457274',
    ]  # fmt: skip
    assert columns['img_path'][4] == (
        'images/S9_Walking_1.60457274_000006.jpg'
    )
    assert not columns['has_smpl'].any() and columns['has_kp3d'].all()
    expected = np.zeros(24)
    expected[J24_JOINTS] = 1
    for confidence in (columns['kp3d'][..., 3], columns['kp2d'][:, 25:, 2]):
        np.testing.assert_array_equal(confidence, np.tile(expected, (9, 1)))


def test_boxes_are_0_9_times_the_silhouettes(crowd, converted):
    low, high = corners(crowd)
    boxes = load_columns(converted)['bbox_cs'][:3]
    np.testing.assert_allclose(boxes[:, :2], (low + high) / 2, rtol=1e-6)
    np.testing.assert_allclose(
        boxes[:, 2], 0.9 * (high - low).max(1), rtol=1e-6
    )


def test_targets_and_mirror(crowd, converted, open_body, tmp_path):
    flipped = make_crops(converted, converted.parent, flip=True)
    targets = build_targets(flipped, open_body)
    assert targets.has_keypoints_3d.all() and not targets.has_smpl.any()
    for camera in ('54138969', '60457274'):
        write_h36m(tmp_path, crowd.mirrored(), camera=camera)
    write_h36m(tmp_path, crowd.mirrored(), subject='S11')
    assert_mirrored(make_crops(convert(tmp_path), tmp_path), flipped)


def test_protocol_2_is_one_camera(converted):
    people = Human36mMeshDataset(str(converted), subset='p2')
    assert people.data_list.tolist() == [3, 4, 5, 6, 7, 8]
    assert len(Human36mMeshDataset(str(converted))) == 9


def test_an_empty_mask_is_counted(crowd, tmp_path):
    path = write_h36m(tmp_path, crowd)
    masks = tmp_path / (
        'S9/MySegmentsMat/ground_truth_bb/Walking 1.60457274.mat'
    )
    with h5py.File(masks, 'a') as file:
        file['#refs#/1'][:] = 0
    rows = H36MConverter(tmp_path, 'test').convert(Unit(path))
    assert rows.dropped == {'no box': 1}
    assert rows['frame'].tolist() == [0, 10]


def test_damaged_files_are_named(crowd, tmp_path):
    path = write_h36m(tmp_path, crowd)
    converter = H36MConverter(tmp_path, 'test')
    write_poses(path, np.zeros((3, 16, 3)))
    with pytest.raises(ConversionError, match=r"'Pose' must have shape") as e:
        converter.read(Unit(path))
    assert str(path) in str(e.value)
    path.write_bytes(path.read_bytes()[:300])
    with pytest.raises(ConversionError, match='no readable CDF file'):
        converter.read(Unit(path))


@pytest.mark.parametrize(
    'name',
    [
        'MyPoseFeatures/D2_Positions/Walking 1.60457274.cdf',
        'MySegmentsMat/ground_truth_bb/Walking 1.60457274.mat',
    ],
)
def test_missing_files_are_named(crowd, tmp_path, name):
    path = write_h36m(tmp_path, crowd)
    (tmp_path / 'S9' / name).unlink()
    with pytest.raises(FileNotFoundError, match=r'vision\.imar\.ro') as error:
        H36MConverter(tmp_path, 'test').read(Unit(path))
    assert str(tmp_path / 'S9' / name) in str(error.value)
