import numpy as np
import pytest
import torch

from mmbopr.body_models import GenderedSMPL
from mmbopr.datasets import PW3DMeshDataset
from mmbopr.datasets.converters import (
    ConversionError,
    PW3DConverter,
    Unit,
    convert_dataset,
)
from mmbopr.structures import FEMALE, J24_IN_SPIN_49, MALE
from mmbopr.testing.conversion import (
    assert_answers,
    assert_mirrored,
    build_targets,
    load_columns,
    make_crops,
    reprojection_errors,
)
from mmbopr.testing.miniature import make_crowd
from mmbopr.testing.miniature.pw3d import COCO_18, pw3d_record, write_pw3d
from mmbopr.testing.python2_pickle import python2_dumps

COUPLE = dict(num_frames=3, num_people=2, genders=(FEMALE, MALE))


@pytest.fixture(scope='module')
def crowd():
    return make_crowd(**COUPLE)


@pytest.fixture(scope='module')
def converted(crowd, tmp_path_factory):
    folder = tmp_path_factory.mktemp('3dpw')
    write_pw3d(folder, 'downtown_walk_00', crowd)
    return convert(folder)


def convert(folder, split='test', **kwargs):
    out = folder / f'{split}.npz'
    convert_dataset(PW3DConverter(folder, split, partial=True, **kwargs), out)
    return out


def test_rows_are_the_known_answers(crowd, converted):
    columns = load_columns(converted)
    assert_answers(
        columns, crowd.answers(), 'pose', 'betas', 'transl', 'K', 'kp3d',
        'kp2d', 'gender', 'frame', 'person', 'img_hw',
    )  # fmt: skip
    assert (columns['kp3d'][..., 3] == 1).all()
    assert set(columns['seq']) == {'downtown_walk_00'}
    assert set(columns['split']) == {'test'}
    assert set(columns['dataset']) == {'3dpw'}
    assert columns['body_model_id'] == 'open-1'
    for flag in ('has_smpl', 'has_kp3d', 'has_kp2d'):
        assert columns[flag].all()


def test_key_points_are_detections_and_projected_truth(crowd, converted):
    keypoints = load_columns(converted)['kp2d']
    expected = np.zeros(49)
    expected[COCO_18[:16]] = 0.8  # the ears are never found
    expected[list(J24_IN_SPIN_49)] = 1
    np.testing.assert_allclose(
        keypoints[..., 2], np.tile(expected, (len(crowd), 1)), atol=1e-6
    )


def test_boxes_are_1_2_times_the_detections(crowd, converted):
    pixels = crowd.project(crowd.spin_49)[:, COCO_18[:16]]
    low, high = pixels.min(1), pixels.max(1)
    boxes = load_columns(converted)['bbox_cs']
    np.testing.assert_allclose(boxes[:, :2], (low + high) / 2, atol=1e-3)
    np.testing.assert_allclose(
        boxes[:, 2], 1.2 * (high - low).max(1), rtol=1e-5
    )


def test_picture_i_is_frame_i(converted):
    # img_frame_ids, which counts at 60 Hz, would say 7, 9, 11.
    paths = load_columns(converted)['img_path']
    assert paths[:3].tolist() == [
        f'imageFiles/downtown_walk_00/image_0000{i}.jpg' for i in range(3)
    ]


def test_bodies_project_onto_their_key_points(converted, open_body):
    errors = reprojection_errors(load_columns(converted), open_body)
    assert np.nanmax(errors) < 0.05


def test_each_person_is_of_its_own_gender(smpl_folder, tmp_path):
    crowd = make_crowd(**COUPLE, body_model=smpl_folder)
    write_pw3d(tmp_path, 'flat_talk_00', crowd)
    columns = load_columns(convert(tmp_path, body_model=smpl_folder))
    assert columns['body_model_id'] == 'smpl'
    assert columns['gender'].tolist() == [FEMALE] * 3 + [MALE] * 3
    assert_answers(columns, crowd.answers(), 'kp3d', 'kp2d', 'transl')
    bodies = GenderedSMPL(smpl_folder)
    assert np.nanmax(reprojection_errors(columns, bodies)) < 0.05
    columns['gender'][:] = 2
    assert np.nanmedian(reprojection_errors(columns, bodies)) > 1


def test_targets_see_the_people(crowd, converted, open_body):
    crops = make_crops(converted, converted.parent)
    targets = build_targets(crops, open_body)
    assert targets.has_segmentation.all() and targets.has_rel_depth.all()
    # Their betas are those of a man and a woman, not of the neutral model.
    assert not targets.has_betas.any()
    boxes = load_columns(converted)['bbox_cs']
    pixels = crowd.project(crowd.j24)
    expected = (pixels - boxes[:, None, :2]) / boxes[:, None, 2:] * 2
    np.testing.assert_allclose(
        targets.keypoints_2d[..., :2], expected, atol=1e-3
    )


def test_joints_and_pose_are_augmented_once(converted, open_body):
    # PARE turns and mirrors the 3D joints of 3DPW twice.
    np.random.seed(0)
    crops = make_crops(converted, converted.parent, flip=True, rotate=True)
    turns = [abs(x.bbox_rotation) for x in crops['data_samples']]
    assert max(turns) > 10
    targets = build_targets(crops, open_body)
    output = open_body(
        betas=targets.betas,
        body_pose=targets.pose_rotmat[:, 1:],
        global_orient=targets.pose_rotmat[:, :1],
        gender=torch.full((6,), FEMALE),
        pose2rot=False,
    )
    joints = open_body.joint_set(output, 'j24')
    joints = joints - joints[:, 2:4].mean(1, keepdim=True)
    torch.testing.assert_close(
        targets.keypoints_3d[..., :3], joints, atol=1e-4, rtol=0
    )


def test_a_mirrored_world_gives_mirrored_samples(crowd, converted, tmp_path):
    write_pw3d(tmp_path, 'downtown_walk_00', crowd.mirrored())
    assert_mirrored(
        make_crops(convert(tmp_path), tmp_path),
        make_crops(converted, converted.parent, flip=True),
    )


def test_what_is_left_out_is_counted(crowd, tmp_path):
    write_pw3d(
        tmp_path,
        'downtown_walk_00',
        crowd,
        invalid=[(0, 1), (1, 2)],
        unseen=[(1, 0), (1, 2)],
    )
    path = tmp_path / 'sequenceFiles/test/downtown_walk_00.pkl'
    rows = PW3DConverter(tmp_path, 'test').convert(Unit(path))
    assert rows.num_read == 6
    assert rows.dropped == {
        'camera pose not valid': 2,
        'no 2D joint detected': 1,
    }
    kept = list(zip(rows['person'], rows['frame'], strict=True))
    assert kept == [(0, 0), (0, 2), (1, 1)]
    assert rows.notes['reprojection_px'] < 0.01


def rewrite(folder, sequence, **fields):
    """Write a sequence again, with other fields."""
    crowd = make_crowd(**COUPLE)
    path = write_pw3d(folder, sequence, crowd)
    record = pw3d_record(sequence, crowd) | fields
    path.write_bytes(
        python2_dumps({k: v for k, v in record.items() if v is not None})
    )
    return PW3DConverter(folder, 'test'), Unit(path)


def test_poses_that_are_no_numbers_are_counted(tmp_path):
    record = pw3d_record('a_b_00', make_crowd(**COUPLE))
    record['poses'][0][1, 5] = np.nan
    converter, unit = rewrite(tmp_path, 'a_b_00', poses=record['poses'])
    rows = converter.convert(unit)
    assert rows.dropped == {'body parameters no numbers': 1}
    assert len(rows) == 5


@pytest.mark.parametrize(
    ('fields', 'message'),
    [
        (dict(poses2d=None), "has no 'poses2d'"),
        (dict(poses=[np.zeros((3, 66))] * 2), r"'poses' must have shape"),
        (dict(trans=[np.zeros((2, 3))] * 2), r"'trans' .*\(3, 3\), found"),
        (dict(genders=['f', 'x']), "person 1: 'genders' is 'x'"),
        (dict(genders=['f']), "'genders' is about 1 people"),
        (dict(cam_intrinsics='none'), 'found no array of numbers'),
    ],
)
def test_damaged_records_are_named(tmp_path, fields, message):
    converter, unit = rewrite(tmp_path, 'a_b_00', **fields)
    with pytest.raises(ConversionError, match=message) as error:
        converter.convert(unit)
    assert str(unit.path) in str(error.value)


def test_a_body_that_does_not_fit_the_pictures_is_refused(tmp_path):
    far = [np.full((3, 3), 4.0)] * 2
    converter, unit = rewrite(tmp_path, 'a_b_00', trans=far)
    with pytest.raises(ConversionError, match='of a box away from'):
        converter.convert(unit)


def test_a_pickle_that_calls_functions_is_refused(tmp_path):
    converter, unit = rewrite(tmp_path, 'a_b_00')
    unit.path.write_bytes(b"cos\nsystem\n(S'touch made_by_pickle'\ntR.")
    with pytest.raises(ValueError, match=r'os\.system.*not on the allow-list'):
        converter.convert(unit)


def test_missing_files_say_where_they_come_from(tmp_path):
    converter = PW3DConverter(tmp_path, 'test')
    with pytest.raises(FileNotFoundError) as error:
        converter.units()
    assert str(tmp_path / 'sequenceFiles/test') in str(error.value)
    assert 'virtualhumans.mpi-inf.mpg.de' in str(error.value)


def test_missing_smpl_files_are_named(crowd, tmp_path):
    write_pw3d(tmp_path, 'a_b_00', crowd)
    converter = PW3DConverter(tmp_path, 'test', tmp_path / 'smpl')
    with pytest.raises(FileNotFoundError, match=r'smpl\.is\.tue\.mpg\.de'):
        convert_dataset(converter, tmp_path / 'out.npz')
    assert not list(tmp_path.glob('*out*'))


@pytest.mark.parametrize(
    ('split', 'stage', 'count', 'certain'),
    [
        ('test', 'rows', 35515, True),
        ('test', 'read', 40219, False),
        ('train', 'rows', 22735, False),
        ('all', 'read', 74620, False),
    ],
)
def test_known_counts(tmp_path, split, stage, count, certain):
    known = PW3DConverter.known[split]
    assert (stage, count, certain) in [(k[0], k[1], k[3]) for k in known]


# --- subsets
@pytest.fixture(scope='module')
def all_sequences(tmp_path_factory):
    """A few sequences of each split, one picture each."""
    folder = tmp_path_factory.mktemp('all')
    names = {
        'train': ['courtyard_box_00', 'outdoors_slalom_01', 'flat_box_00'],
        'validation': ['courtyard_hug_00', 'downtown_stairs_00'],
        'test': ['downtown_sitOnStairs_00', 'downtown_upstairs_00'],
    }
    for split, sequences in names.items():
        for sequence in sequences:
            crowd = make_crowd(1, 1, image_size=(64, 48))
            write_pw3d(folder, sequence, crowd, split=split)
    return convert(folder, 'all')


@pytest.mark.parametrize(
    ('subset', 'sequences'),
    [
        ('train', ['courtyard_box_00', 'flat_box_00', 'outdoors_slalom_01']),
        ('validation', ['courtyard_hug_00', 'downtown_stairs_00']),
        ('occ', ['courtyard_box_00', 'outdoors_slalom_01',
                 'downtown_stairs_00']),
    ],
)  # fmt: skip
def test_subsets_by_sequence(all_sequences, subset, sequences):
    dataset = PW3DMeshDataset(str(all_sequences), subset=subset)
    found = [dataset.get_data_info(i)['seq'] for i in range(len(dataset))]
    assert found == sequences
    assert dataset.metainfo['split'] == subset
    assert dataset.metainfo['dataset_name'] == '3dpw'


def test_all60_is_everything(all_sequences):
    assert len(PW3DMeshDataset(str(all_sequences), subset='all60')) == 7


def with_frames(source, path, **columns):
    columns = load_columns(source) | columns
    np.savez(path, **columns)
    return str(path)


def test_pc_is_six_ranges_of_frames(all_sequences, tmp_path):
    path = with_frames(
        all_sequences,
        tmp_path / 'all.npz',
        seq=np.array(['courtyard_hug_00'] * 4 + ['downtown_bus_00'] * 3),
        frame=np.array([99, 100, 499, 500, 500, 1620, 1900]),
    )
    dataset = PW3DMeshDataset(path, subset='pc')
    found = [dataset.get_data_info(i)['frame'] for i in range(len(dataset))]
    assert found == [100, 499, 1620]
    assert dataset.data_list.tolist() == [1, 2, 5]


@pytest.mark.parametrize('subset', ['all60', 'occ', 'pc'])
def test_subsets_of_all_splits_need_all_splits(converted, subset):
    dataset = PW3DMeshDataset(str(converted), subset=subset, lazy_init=True)
    with pytest.raises(ValueError, match=r"lacks the splits \['train', 'val"):
        dataset.full_init()


def test_empty_and_unknown_subsets(converted):
    with pytest.raises(ValueError, match='none of its 6 rows is in subset'):
        PW3DMeshDataset(str(converted), subset='train')
    with pytest.raises(ValueError, match="no subset 'val', choose from"):
        PW3DMeshDataset(str(converted), subset='val')
