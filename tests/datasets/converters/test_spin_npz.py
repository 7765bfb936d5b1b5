"""Npz files as SPIN's and CLIFF's scripts write them."""

import cv2
import numpy as np
import pytest

from mmbopr.body_models import GenderedSMPL
from mmbopr.datasets import Human36mMeshDataset
from mmbopr.datasets.converters import (
    ConversionError,
    SPINNpzConverter,
    convert_dataset,
)
from mmbopr.structures import J24
from mmbopr.testing.conversion import load_columns, reprojection_errors
from mmbopr.testing.miniature import make_crowd


@pytest.fixture(scope='module')
def crowd():
    return make_crowd(2, 2)


@pytest.fixture
def folder(crowd, tmp_path):
    (tmp_path / 'S1').mkdir()
    for frame in range(crowd.num_frames):
        path = tmp_path / f'S1/walk_{frame:06d}.jpg'
        cv2.imwrite(str(path), crowd.draw(frame))
    return tmp_path


def fields(crowd, **changes):
    """What the npz holds, under SPIN's names."""
    N = len(crowd)
    joints = crowd.j24 - crowd.j24[:, [14]]  # SPIN centres on the pelvis
    ones = np.ones((N, 24, 1))
    pixels = crowd.project(crowd.spin_49)
    confident = np.concatenate([pixels, np.ones((N, 49, 1))], -1)
    return {
        'imgname': np.char.mod('S1/walk_%06d.jpg', crowd.frame).astype('S'),
        'center': pixels.mean(1),
        'scale': np.full(N, 1.5),
        'openpose': 0.5 * confident[:, :25],
        'part': confident[:, 25:],
        'pose': crowd.pose.reshape(N, 72),
        'shape': crowd.betas,
        'S': np.concatenate([joints, ones], -1),
        **changes,
    }


def convert(folder, content, **options):
    np.savez(folder / 'train.npz', **content)
    converter = SPINNpzConverter(folder, file=folder / 'train.npz', **options)
    assert convert_dataset(converter, folder / 'out.npz')
    return load_columns(folder / 'out.npz')


def centred(joints):
    hips = [J24.names.index(f'{x}_hip_lsp') for x in ('left', 'right')]
    return joints - joints[:, hips].mean(1, keepdims=True)


def test_rows_of_bodies(crowd, folder):
    columns = convert(folder, fields(crowd), dataset='h36m')
    np.testing.assert_allclose(columns['pose'], crowd.pose, atol=1e-6)
    np.testing.assert_allclose(
        columns['kp3d'][..., :3], centred(crowd.j24), atol=1e-5
    )
    pixels = crowd.project(crowd.spin_49)
    np.testing.assert_allclose(
        columns['kp2d'][:, 25:, :2], pixels[:, 25:], atol=1e-3
    )
    assert (columns['kp2d'][:, :25, 2] == 0.5).all()
    assert (columns['bbox_cs'][:, 2] == 300).all()
    assert columns['has_smpl'].all() and (columns['gender'] == 2).all()
    assert np.isnan(columns['K']).all() and np.isnan(columns['transl']).all()
    assert columns['frame'][0] == 'walk_000000' and columns['seq'][0] == 'S1'
    dataset = Human36mMeshDataset(str(folder / 'out.npz'), pipeline=[])
    assert len(dataset) == len(crowd)


def test_3d_joints_of_the_file_where_there_is_no_body(crowd, folder):
    there = np.arange(len(crowd)) % 2
    joints = fields(crowd)['S']
    joints[0, 2:4, 3] = 0  # without hips there is nothing to centre on
    columns = convert(folder, fields(crowd, has_smpl=there, S=joints))
    assert columns['has_smpl'].tolist() == (there > 0).tolist()
    assert columns['has_kp3d'].tolist() == [False] + [True] * (len(crowd) - 1)
    np.testing.assert_allclose(
        columns['kp3d'][2, :, :3], centred(crowd.j24)[2], atol=1e-5
    )
    assert (columns['kp3d'][0] == 0).all()
    assert set(columns['dataset']) == {'train'}


def test_the_camera_of_cliff_reprojects(folder):
    K = np.array([500, 500, 160, 120])  # the middle of 320x240
    crowd = make_crowd(2, 2, K=K)
    N = len(crowd)
    content = fields(crowd, global_t=crowd.transl, focal_l=np.full(N, 500))
    columns = convert(folder, content)
    assert columns['K'].tolist() == np.tile(K, (N, 1)).tolist()
    errors = reprojection_errors(columns, GenderedSMPL('open'))
    assert np.nanmax(errors) < 0.1


def test_genders_by_their_first_letter(crowd, folder):
    N = len(crowd)
    names = np.array(['m', 'f'] * (N // 2))
    columns = convert(folder, fields(crowd, gender=names))
    assert columns['gender'].tolist() == [0, 1] * (N // 2)


@pytest.mark.parametrize(
    ('changes', 'message'),
    [
        (dict(part=np.zeros((4, 17, 3))), r"'part' must have shape \(4, 24"),
        (dict(shape=np.zeros((4, 9))), r"'shape' must have shape \(4, 10\)"),
        (dict(gender=np.array(['x'] * 4)), r"'gender' holds \['x'\]"),
    ],
)
def test_what_is_not_as_it_should_be_is_named(crowd, folder, changes, message):
    with pytest.raises(ConversionError, match=message):
        convert(folder, fields(crowd, **changes))
    assert not (folder / 'out.npz').exists()


def test_bodies_that_are_no_numbers_are_counted(crowd, folder):
    pose = fields(crowd)['pose']
    pose[1, 5] = np.nan
    columns = convert(folder, fields(crowd, pose=pose))
    assert len(columns['frame']) == len(crowd) - 1


def test_a_missing_file_says_where_it_comes_from(tmp_path):
    converter = SPINNpzConverter(tmp_path, file=tmp_path / 'no.npz')
    with pytest.raises(FileNotFoundError, match=r'no.npz: not found.*nkolot'):
        convert_dataset(converter, tmp_path / 'out.npz')
