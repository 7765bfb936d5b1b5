import numpy as np
import pytest

from mmbopr.body_models import GenderedSMPL
from mmbopr.datasets import BEDLAMMeshDataset
from mmbopr.datasets.converters import (
    BEDLAMConverter,
    ConversionError,
    Unit,
    convert_dataset,
)
from mmbopr.structures import FEMALE, MALE
from mmbopr.testing.conversion import (
    assert_answers,
    assert_mirrored,
    build_targets,
    load_columns,
    make_crops,
    reprojection_errors,
)
from mmbopr.testing.miniature.bedlam import make_bedlam_crowd, write_bedlam

GENDERED = dict(genders=(MALE, FEMALE))


@pytest.fixture(scope='module')
def crowd():
    return make_bedlam_crowd()


@pytest.fixture(scope='module')
def converted(crowd, tmp_path_factory):
    folder = tmp_path_factory.mktemp('bedlam')
    write_bedlam(folder, crowd)
    return convert(folder)


def convert(folder, **kwargs):
    out = folder / 'train.npz'
    converter = BEDLAMConverter(folder, 'train', partial=True, **kwargs)
    convert_dataset(converter, out)
    return out


def test_rows_are_the_known_answers(crowd, converted):
    columns = load_columns(converted)
    assert_answers(
        columns, crowd.answers(), 'pose', 'betas', 'transl', 'K', 'kp2d',
        'kp3d', 'gender', 'img_hw',
    )  # fmt: skip
    scene = '20221010_3_1000_batch01hand'
    assert columns['img_path'][1] == (
        f'images/{scene}/png/seq_000003/seq_000003_0005.png'
    )
    assert set(columns['seq']) == {f'{scene}/seq_000003'}
    assert columns['person'][2] == 'rp_person_1'
    joints = crowd.project(crowd.smpl_45)[:, :22]
    low, high = joints.min(1), joints.max(1)
    np.testing.assert_allclose(
        columns['bbox_cs'][:, 2], 1.2 * (high - low).max(1), rtol=1e-5
    )
    assert len(BEDLAMMeshDataset(str(converted))) == 4


def test_bodies_project_onto_their_key_points(converted, open_body):
    errors = reprojection_errors(load_columns(converted), open_body)
    assert np.nanmax(errors) < 0.05


def test_each_person_is_of_its_own_gender(smpl_folder, tmp_path):
    crowd = make_bedlam_crowd(1, body_model=smpl_folder, **GENDERED)
    path = write_bedlam(tmp_path, crowd)
    columns = load_columns(convert(tmp_path, body_model=smpl_folder))
    assert columns['gender'].tolist() == [MALE, FEMALE]
    assert_answers(columns, crowd.answers(), 'kp3d', 'kp2d', 'transl')
    errors = reprojection_errors(columns, GenderedSMPL(smpl_folder))
    assert np.nanmax(errors) < 0.05
    converter = BEDLAMConverter(tmp_path, 'train', smpl_folder)
    assert converter.convert(Unit(path)).notes['reprojection_px'] < 0.01


def test_targets_and_mirror(crowd, converted, open_body, tmp_path):
    flipped = make_crops(converted, converted.parent, flip=True)
    targets = build_targets(flipped, open_body)
    assert targets.has_segmentation.all() and targets.has_betas.all()
    write_bedlam(tmp_path, crowd.mirrored())
    assert_mirrored(make_crops(convert(tmp_path), tmp_path), flipped)


def test_pictures_on_their_side_are_counted(tmp_path):
    crowd = make_bedlam_crowd(image_size=(180, 320))
    path = write_bedlam(tmp_path, crowd, on_side=True)
    rows = BEDLAMConverter(tmp_path, 'train').convert(Unit(path))
    assert rows.dropped == {'picture lies on its side': 4} and not len(rows)
    write_bedlam(tmp_path, crowd)  # turned upright
    rows = BEDLAMConverter(tmp_path, 'train').convert(Unit(path))
    assert len(rows) == 4


def test_children_lose_their_eleventh_shape(crowd, tmp_path):
    shape = np.concatenate([crowd.betas, np.full((4, 1), 0.5)], 1)
    path = write_bedlam(tmp_path, crowd, shape=shape)
    rows = BEDLAMConverter(tmp_path, 'train').convert(Unit(path))
    np.testing.assert_array_equal(rows['betas'], crowd.betas)


@pytest.mark.parametrize(
    ('changes', 'message'),
    [
        (dict(pose_cam=np.zeros((4, 165))), 'has 165 numbers .* SMPL-X 165'),
        (dict(trans_cam=None), "has no 'trans_cam'"),
        (dict(gender=['male', 'x', 'male', 'male']), r"holds \['x'\]"),
        (dict(sub=['a']), 'numbers of people differ'),
        (dict(cam_int=np.zeros((4, 4, 4))), "'cam_int' must have shape"),
    ],
)
def test_damaged_labels_are_named(crowd, tmp_path, changes, message):
    path = write_bedlam(tmp_path, crowd, **changes)
    with pytest.raises(ConversionError, match=message) as error:
        BEDLAMConverter(tmp_path, 'train').read(Unit(path))
    assert str(path) in str(error.value)


def test_another_camera_is_refused(crowd, tmp_path):
    path = write_bedlam(tmp_path, crowd, trans_cam=crowd.transl + 3.0)
    with pytest.raises(ConversionError, match='of a box away from'):
        BEDLAMConverter(tmp_path, 'train').read(Unit(path))


def test_nan_poses_are_counted(crowd, tmp_path):
    pose = crowd.pose.reshape(4, 72).copy()
    pose[2, 3] = np.nan
    path = write_bedlam(tmp_path, crowd, pose_cam=pose)
    rows = BEDLAMConverter(tmp_path, 'train').convert(Unit(path))
    assert rows.dropped == {'body parameters no numbers': 1}
