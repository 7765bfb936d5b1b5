import sys

import numpy as np
import pytest
from scipy.io import savemat

from mmbopr.datasets import MPIINF3DHPMeshDataset
from mmbopr.datasets.converters import (
    ConversionError,
    MPIINF3DHPConverter,
    Unit,
    convert_dataset,
)
from mmbopr.datasets.converters.mocap_files import read_hdf5
from mmbopr.testing.conversion import (
    assert_answers,
    assert_mirrored,
    build_targets,
    load_columns,
    make_crops,
)
from mmbopr.testing.miniature import make_crowd
from mmbopr.testing.miniature.mpi_inf_3dhp import (
    J24_JOINTS,
    VIDEO,
    write_3dhp_test,
    write_3dhp_train,
)

VIDEO_UNIT = 3  # of the eight that are used


@pytest.fixture(scope='module')
def crowd():
    return make_crowd(3, 1)


@pytest.fixture(scope='module')
def converted(crowd, tmp_path_factory):
    folder = tmp_path_factory.mktemp('3dhp')
    write_3dhp_train(folder, crowd)
    return convert(folder)


def convert(folder, split='train'):
    out = folder / f'{split}.npz'
    convert_dataset(MPIINF3DHPConverter(folder, split, partial=True), out)
    return out


def test_rows_are_the_known_answers(crowd, converted):
    columns = load_columns(converted)
    assert_answers(
        columns, crowd.answers(), 'kp2d', 'kp3d', 'K', 'gender', 'img_hw'
    )
    assert not columns['has_smpl'].any()
    assert columns['has_kp3d'].all() and columns['has_kp2d'].all()
    assert columns['frame'].tolist() == [0, 10, 20]
    assert columns['img_path'].tolist() == [
        f'S1/Seq1/imageFrames/video_{VIDEO}/frame_0000{i}1.jpg'
        for i in range(3)
    ]
    assert set(columns['seq']) == {f'S1_Seq1_video_{VIDEO}'}
    assert columns['body_model_id'] == 'open-1'


def test_seventeen_joints_have_confidence(converted):
    columns = load_columns(converted)
    expected = np.zeros(24)
    expected[J24_JOINTS] = 1
    for confidence in (columns['kp3d'][..., 3], columns['kp2d'][:, 25:, 2]):
        np.testing.assert_array_equal(confidence, np.tile(expected, (3, 1)))
    assert not columns['kp2d'][:, :25].any()
    # What is absent is zero, not the distance to the hips.
    assert not columns['kp3d'][columns['kp3d'][..., 3] == 0].any()


def test_boxes_are_1_2_times_the_joints(crowd, converted):
    pixels = crowd.project(crowd.j24)[:, J24_JOINTS]
    low, high = pixels.min(1), pixels.max(1)
    boxes = load_columns(converted)['bbox_cs']
    np.testing.assert_allclose(boxes[:, :2], (low + high) / 2, rtol=1e-5)
    np.testing.assert_allclose(
        boxes[:, 2], 1.2 * (high - low).max(1), rtol=1e-5
    )


def test_bodies_are_not_supervised(converted, open_body):
    targets = build_targets(make_crops(converted, converted.parent), open_body)
    assert not targets.has_smpl.any() and not targets.has_segmentation.any()
    assert targets.has_keypoints_3d.all()


def test_a_mirrored_world_gives_mirrored_samples(crowd, converted, tmp_path):
    write_3dhp_train(tmp_path, crowd.mirrored())
    assert_mirrored(
        make_crops(convert(tmp_path), tmp_path),
        make_crops(converted, converted.parent, flip=True),
    )


def test_joints_are_projected_by_their_own_camera(crowd, tmp_path):
    path = write_3dhp_train(tmp_path, crowd)
    converter = MPIINF3DHPConverter(tmp_path, 'train')
    assert len(converter.units()) == 8
    assert converter.units()[VIDEO_UNIT] == Unit(path, VIDEO_UNIT, 8)
    rows = converter.convert(Unit(path, VIDEO_UNIT, 8))
    assert rows.notes['reprojection_px'] < 1e-3
    calibration = path.with_name('camera.calibration')
    text = calibration.read_text().replace(str(crowd.K[1]), '90.0')
    calibration.write_text(text)
    with pytest.raises(ConversionError, match='of a box away from'):
        converter.convert(Unit(path, VIDEO_UNIT, 8))


def test_joints_outside_the_picture_are_counted(crowd, tmp_path):
    path = write_3dhp_train(tmp_path, crowd)
    cells = np.empty((14, 1), object)
    joints = np.empty((14, 1), object)
    for video in range(14):
        cells[video, 0] = np.full((21, 56), 100.0)
        joints[video, 0] = np.zeros((21, 84)) + [0, 0, 4000.0] * 28
        # Projects onto (100, 100).
        fx, fy, cx, cy = crowd.K
        place = [4000 * (100 - cx) / fx, 4000 * (100 - cy) / fy, 4000]
        joints[video, 0][:] = place * 28
    cells[VIDEO, 0][10, 2 * 25] = 2048
    cells[VIDEO, 0][5] = -3  # not one of every ten
    savemat(path, {'annot2': cells, 'annot3': joints})
    converter = MPIINF3DHPConverter(tmp_path, 'train')
    rows = converter.read(Unit(path, VIDEO_UNIT, 8))
    assert rows.num_read == 3
    assert rows.dropped == {'joints outside the picture': 1}
    assert rows['frame'].tolist() == [0, 20]


def test_dataset(converted):
    people = MPIINF3DHPMeshDataset(str(converted))
    assert len(people) == 3
    info = people.get_data_info(0)
    assert not info['has_smpl'] and not info['smpl_pose'].any()


@pytest.mark.parametrize(
    ('content', 'message'),
    [
        (b'MATLAB 5.0 cut', 'no readable Matlab file'),
        (dict(annot2=np.zeros((14, 1))), "has no 'annot3'"),
        (dict(annot2=np.zeros((14, 1)), annot3=np.zeros((14, 1))),
         "'annot2' must have shape"),
    ],
)  # fmt: skip
def test_damaged_files_are_named(crowd, tmp_path, content, message):
    path = write_3dhp_train(tmp_path, crowd)
    if isinstance(content, bytes):
        path.write_bytes(content)
    else:
        savemat(path, content)
    with pytest.raises(ConversionError, match=message) as error:
        MPIINF3DHPConverter(tmp_path, 'train').read(Unit(path, 0, 8))
    assert str(path) in str(error.value)


def test_a_calibration_that_is_cut_off_is_named(crowd, tmp_path):
    path = write_3dhp_train(tmp_path, crowd)
    calibration = path.with_name('camera.calibration')
    lines = calibration.read_text().splitlines()[:30]
    calibration.write_text('\n'.join(lines))
    converter = MPIINF3DHPConverter(tmp_path, 'train')
    with pytest.raises(ConversionError, match=r'lacks the cameras \[4, 5, 6'):
        converter.read(Unit(path, 0, 8))
    calibration.unlink()
    with pytest.raises(FileNotFoundError, match=r'vcai\.mpi-inf\.mpg\.de'):
        converter.read(Unit(path, 0, 8))


def test_missing_packages_are_named(monkeypatch):
    monkeypatch.setitem(sys.modules, 'h5py', None)
    with pytest.raises(ImportError, match=r'reading a\.mat needs h5py'):
        read_hdf5('a.mat', 'x')


# --- test set
def test_test_rows_are_the_known_answers(crowd, tmp_path):
    pytest.importorskip('h5py')
    write_3dhp_test(tmp_path, crowd, invalid=[1])
    columns = load_columns(convert(tmp_path, 'test'))
    answers = {k: v[[0, 2]] for k, v in crowd.answers().items()}
    assert_answers(columns, answers, 'kp2d', 'kp3d', 'frame', 'img_hw')
    assert np.isnan(columns['K']).all()
    assert columns['img_path'][1] == (
        'mpi_inf_3dhp_test_set/TS1/imageSequence/img_000003.jpg'
    )


def test_invalid_test_frames_are_counted(crowd, tmp_path):
    pytest.importorskip('h5py')
    path = write_3dhp_test(tmp_path, crowd, invalid=[0, 2])
    rows = MPIINF3DHPConverter(tmp_path, 'test').convert(Unit(path))
    assert rows.num_read == 3 and rows['frame'].tolist() == [1]
    assert rows.dropped == {'frame not valid': 2}


def test_damaged_hdf5_is_named(crowd, tmp_path):
    h5py = pytest.importorskip('h5py')
    path = write_3dhp_test(tmp_path, crowd)
    converter = MPIINF3DHPConverter(tmp_path, 'test')
    with h5py.File(path, 'a') as file:
        del file['univ_annot3']
    with pytest.raises(ConversionError, match='univ_annot3'):
        converter.read(Unit(path))
    path.write_bytes(path.read_bytes()[:100])
    with pytest.raises(ConversionError, match='no readable HDF5 file'):
        converter.read(Unit(path))
