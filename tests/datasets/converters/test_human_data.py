import numpy as np
import pytest

from mmbopr.datasets.converters import (
    ConversionError,
    HumanDataConverter,
    PW3DConverter,
    Unit,
    convert_dataset,
    export_human_data,
)
from mmbopr.datasets.converters.human_data import (
    J24_IN_HUMAN_DATA,
    SMPL_54_IN_HUMAN_DATA,
    SPIN_49_IN_HUMAN_DATA,
)
from mmbopr.structures import FEMALE, J24, MALE, SMPL_54
from mmbopr.testing.conversion import (
    assert_answers,
    build_targets,
    load_columns,
    make_crops,
)
from mmbopr.testing.miniature import make_crowd
from mmbopr.testing.miniature.pw3d import write_pw3d


@pytest.fixture(scope='module')
def crowd():
    return make_crowd(2, 2, genders=(FEMALE, MALE))


@pytest.fixture(scope='module')
def folder(crowd, tmp_path_factory):
    folder = tmp_path_factory.mktemp('3dpw')
    write_pw3d(folder, 'downtown_walk_00', crowd)
    converter = PW3DConverter(folder, 'test', partial=True)
    convert_dataset(converter, folder / 'ours.npz')
    export_human_data(folder / 'ours.npz', folder / 'human_data.npz')
    return folder


def convert(folder, name='human_data.npz', out='back.npz'):
    convert_dataset(
        HumanDataConverter(folder, file=folder / name), folder / out
    )
    return load_columns(folder / out)


def test_places_of_the_joints():
    """By MMHuman3D's list of names."""
    named = {
        'pelvis': 0, 'right_wrist': 21, 'left_hand': 188, 'right_hand': 189,
        'nose': 55, 'left_ear': 59, 'left_big_toe': 60, 'right_heel': 65,
        'left_thumb': 66, 'right_pinky': 75, 'right_hip_lsp': 144,
        'head_top_lsp': 147, 'head_h36m': 152,
    }  # fmt: skip
    for name, place in named.items():
        assert SMPL_54_IN_HUMAN_DATA[SMPL_54.names.index(name)] == place
    assert J24_IN_HUMAN_DATA[J24.names.index('left_knee')] == 4
    assert SPIN_49_IN_HUMAN_DATA[:2] == [153, 154]
    assert SPIN_49_IN_HUMAN_DATA[24] == 177
    assert len(set(SPIN_49_IN_HUMAN_DATA)) == 49


def test_there_and_back(crowd, folder):
    ours, back = load_columns(folder / 'ours.npz'), convert(folder)
    assert set(back) == set(ours)
    for key, column in ours.items():
        if column.dtype.kind == 'f':
            np.testing.assert_allclose(back[key], column, atol=1e-4)
        else:
            np.testing.assert_array_equal(back[key], column)
    assert_answers(back, crowd.answers(), 'pose', 'kp3d', 'kp2d', 'transl')


def test_targets(folder, open_body):
    targets = build_targets(make_crops(folder / 'ours.npz', folder), open_body)
    assert targets.has_segmentation.all()


def test_the_export_has_the_shapes_of_human_data(folder):
    with np.load(folder / 'human_data.npz', allow_pickle=True) as file:
        data = dict(file)
    assert data['bbox_xywh'].shape == (4, 5)
    assert data['keypoints2d'].shape == (4, 49, 3)
    assert data['keypoints3d_mask'].shape == (190,)
    assert data['keypoints3d_mask'].sum() == 24
    smpl = data['smpl'].item()
    assert smpl['body_pose'].shape == (4, 23, 3)
    assert data['meta'].item()['gender'] == ['female'] * 2 + ['male'] * 2
    assert data['__keypoints_compressed__'].item() is True
    assert data['config'].item() == '3dpw'
    with pytest.raises(FileExistsError, match='Delete it or choose another'):
        export_human_data(folder / 'ours.npz', folder / 'human_data.npz')


def write(folder, **changes):
    """A file of MMHuman3D's own, in its older and plainer form."""
    data = load_columns(folder / 'ours.npz')
    keypoints = np.zeros((4, 190, 3))
    keypoints[:, SPIN_49_IN_HUMAN_DATA] = data['kp2d']
    mask = np.zeros(190)
    mask[J24_IN_HUMAN_DATA] = 1
    joints = np.zeros((4, 190, 4))
    joints[:, J24_IN_HUMAN_DATA] = data['kp3d'] + [7, 8, 9, 0]
    content = {
        'image_path': data['img_path'],
        'bbox_xywh': np.tile([10, 20, 30, 50.0], (4, 1)),
        'config': 'coco',
        'keypoints2d': keypoints,
        'keypoints2d_mask': mask,
        'keypoints3d': joints,
        'keypoints3d_mask': mask,
        'meta': {},
        **changes,
    }
    content = {k: v for k, v in content.items() if v is not None}
    path = folder / 'theirs.npz'
    np.savez_compressed(path, **content)
    return HumanDataConverter(folder, file=path), Unit(path)


def test_files_without_bodies(crowd, folder):
    converter, unit = write(folder)
    rows = converter.convert(unit)
    columns = rows.complete()
    assert_answers(columns, crowd.answers(), 'kp3d', 'kp2d')
    assert not columns['has_smpl'].any() and columns['has_kp3d'].all()
    # The mask says that there are no joints of OpenPose.
    assert not columns['kp2d'][:, :25].any()
    np.testing.assert_array_equal(columns['bbox_cs'][0], [25, 45, 50])
    assert set(columns['dataset']) == {'coco'}
    assert (columns['gender'] == 2).all()


def test_key_points_of_the_body_are_read_where_there_are_no_others(
    crowd, folder
):
    with np.load(write(folder)[1].path) as plain:
        points, mask = plain['keypoints2d'], plain['keypoints2d_mask']
    converter, unit = write(
        folder,
        keypoints2d=None,
        keypoints2d_mask=None,
        keypoints2d_smpl=points,
        keypoints2d_smpl_mask=mask,
    )
    columns = converter.convert(unit).complete()
    assert_answers(columns, crowd.answers(), 'kp2d')
    assert columns['has_kp2d'].all()


def test_joints_without_hips_cannot_be_centred(folder):
    mask = np.zeros(190)
    mask[[4, 5, 144]] = 1
    converter, unit = write(folder, keypoints3d_mask=mask)
    assert not converter.convert(unit)['has_kp3d'].any()


def test_entries_without_a_body(folder):
    pose = np.full((4, 69), np.nan)
    pose[1] = 0.1
    smpl = {
        'global_orient': np.ones((4, 3)),
        'body_pose': pose,
        'betas': np.zeros((4, 10)),
    }
    converter, unit = write(folder, smpl=smpl, has_smpl=[0, 1, 0, 0])
    rows = converter.convert(unit)
    assert rows['has_smpl'].tolist() == [False, True, False, False]
    assert rows['has_kp3d'].tolist() == [False, True, False, False]
    converter, unit = write(folder, smpl=smpl)
    rows = converter.convert(unit)
    assert rows.dropped == {'body parameters no numbers': 3}


@pytest.mark.parametrize(
    ('changes', 'message'),
    [
        (dict(image_path=None), "has no 'image_path'"),
        (dict(bbox_xywh=np.zeros((3, 5))), "'bbox_xywh' must have shape"),
        (dict(keypoints2d_mask=None), "has no 'keypoints2d_mask'"),
        (dict(keypoints2d=np.zeros((4, 7, 3))), '7 joints, its mask 24'),
        (dict(meta={'gender': ['x'] * 4}), "'gender' holds 'x'"),
        (dict(smpl={'betas': np.zeros((4, 10))}), "no 'global_orient'"),
    ],
)
def test_damaged_files_are_named(folder, changes, message):
    converter, unit = write(folder, **changes)
    with pytest.raises(ConversionError, match=message) as error:
        converter.read(unit)
    assert str(unit.path) in str(error.value)


def test_body_files_are_those_that_are_there(smpl_folder, tmp_path):
    def found(body_model):
        converter = HumanDataConverter(
            tmp_path, body_model=body_model, file='a.npz'
        )
        return [path.name for path in converter.body_files()]

    assert found('open') == []
    assert found(smpl_folder) == [
        'SMPL_NEUTRAL.pkl', 'SMPL_MALE.pkl', 'SMPL_FEMALE.pkl',
        'J_regressor_extra.npy',
    ]  # fmt: skip
    with pytest.raises(FileNotFoundError, match='no neutral SMPL model'):
        found(tmp_path)


def test_missing_file(tmp_path):
    converter = HumanDataConverter(tmp_path, file=tmp_path / 'none.npz')
    with pytest.raises(FileNotFoundError, match=r'none\.npz: not found'):
        converter.units()
