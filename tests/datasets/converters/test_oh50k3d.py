import json

import numpy as np
import pytest
import torch

from mmbopr.datasets import OH50K3DMeshDataset
from mmbopr.datasets.converters import (
    ConversionError,
    OH50K3DConverter,
    Unit,
    convert_dataset,
)
from mmbopr.testing.conversion import (
    assert_answers,
    assert_mirrored,
    build_targets,
    load_columns,
    make_crops,
    reprojection_errors,
)
from mmbopr.testing.miniature import make_crowd
from mmbopr.testing.miniature.oh50k3d import UNIT, write_oh50k3d
from mmbopr.utils.camera import fit_translation


@pytest.fixture(scope='module')
def crowd():
    return make_crowd(4, 1)


@pytest.fixture(scope='module')
def converted(crowd, tmp_path_factory):
    folder = tmp_path_factory.mktemp('3doh')
    write_oh50k3d(folder, crowd)
    return convert(folder)


def convert(folder, split='test'):
    out = folder / f'{split}.npz'
    convert_dataset(OH50K3DConverter(folder, split, partial=True), out)
    return out


def test_rows_are_the_known_answers(crowd, converted):
    columns = load_columns(converted)
    assert_answers(
        columns, crowd.answers(), 'pose', 'betas', 'K', 'kp2d', 'kp3d',
        'gender', 'img_hw',
    )  # fmt: skip
    # The official translation is scaled by nobody knows what.
    assert np.isnan(columns['transl']).all()
    assert columns['frame'].tolist() == ['00000', '00001', '00002', '00003']
    assert set(columns['dataset']) == {'3doh50k'}


def test_paths_have_the_slashes_of_this_system(converted):
    paths = load_columns(converted)['img_path']
    assert paths[1] == 'testset/images/00001.jpg'


def test_only_lsp_joints_are_labelled(converted):
    confidence = load_columns(converted)['kp2d'][..., 2]
    expected = np.zeros(49)
    expected[25:39] = 1
    np.testing.assert_array_equal(confidence, np.tile(expected, (4, 1)))


def test_boxes_are_1_2_times_the_height(crowd, converted):
    pixels = crowd.project(crowd.spin_49)
    low, high = pixels.min(1), pixels.max(1)
    boxes = load_columns(converted)['bbox_cs']
    np.testing.assert_allclose(boxes[:, :2], (low + high) / 2, rtol=1e-5)
    np.testing.assert_allclose(
        boxes[:, 2], 1.2 * (high - low)[:, 1], rtol=1e-5
    )


def test_bodies_project_onto_their_key_points(converted, open_body):
    """At the place that the key points themselves tell."""
    columns = load_columns(converted)
    points = torch.from_numpy(columns['kp2d'][:, 25:])
    joints = torch.from_numpy(columns['kp3d'][..., :3])
    transl, found = fit_translation(
        joints, points[..., :2], points[..., 2], torch.from_numpy(columns['K'])
    )
    assert found.all()
    # From that of the mid-hip to that of the body.
    columns['transl'] = np.zeros((4, 3), np.float32)
    body = open_body(
        betas=torch.from_numpy(columns['betas']),
        body_pose=torch.from_numpy(columns['pose'][:, 1:]).flatten(1),
        global_orient=torch.from_numpy(columns['pose'][:, 0]),
        gender=torch.from_numpy(columns['gender']),
    )
    hips = open_body.joint_set(body, 'j24')[:, 2:4].mean(1)
    columns['transl'] = (transl - hips).numpy()
    errors = reprojection_errors(columns, open_body)
    assert np.isnan(errors).sum() == 4 * 10
    assert np.nanmax(errors) < 0.1


def test_targets_and_mirror(crowd, converted, open_body, tmp_path):
    flipped = make_crops(converted, converted.parent, flip=True)
    targets = build_targets(flipped, open_body)
    assert targets.has_segmentation.all() and targets.has_betas.all()
    write_oh50k3d(tmp_path, crowd.mirrored())
    assert_mirrored(make_crops(convert(tmp_path), tmp_path), flipped)


def test_the_unit_of_the_joints_is_noted(crowd, tmp_path):
    path = write_oh50k3d(tmp_path, crowd, split='train')
    rows = OH50K3DConverter(tmp_path, 'train').convert(Unit(path))
    assert rows.notes['lsp_thigh_ratio'] == pytest.approx(UNIT, rel=1e-4)


def test_dataset(converted):
    people = OH50K3DMeshDataset(str(converted))
    assert len(people) == 4 and people.metainfo['split'] == 'all'


def test_counts_are_a_warning(crowd, tmp_path):
    write_oh50k3d(tmp_path, crowd)
    out = tmp_path / 'test.npz'
    assert convert_dataset(OH50K3DConverter(tmp_path, 'test'), out)
    assert [k.count for k in OH50K3DConverter.known['train']] == [50310]
    assert [k.count for k in OH50K3DConverter.known['test']] == [1290]


@pytest.mark.parametrize(
    ('fields', 'message'),
    [
        (dict(pose=[[0.0] * 69]), r"picture 00000: 'pose' must have shape"),
        (dict(bbox=[1, 2, 3, 4]), r"'bbox' must have shape \(2, 2\)"),
        (dict(intri=None), r"'intri' must have .* found"),
    ],
)
def test_damaged_pictures_are_named(crowd, tmp_path, fields, message):
    path = write_oh50k3d(tmp_path, crowd)
    content = json.loads(path.read_text())
    content['00000'].update(fields)
    path.write_text(json.dumps(content))
    with pytest.raises(ConversionError, match=message):
        convert(tmp_path)
    path.write_text('[1, 2]')
    with pytest.raises(ConversionError, match='one record for each picture'):
        convert(tmp_path)


def test_poses_and_boxes_that_are_none_are_counted(crowd, tmp_path):
    path = write_oh50k3d(tmp_path, crowd)
    content = json.loads(path.read_text())
    content['00000']['pose'][0][4] = float('nan')
    content['00002']['bbox'] = [[10, 50], [90, 50]]
    path.write_text(json.dumps(content))
    rows = OH50K3DConverter(tmp_path, 'test').convert(Unit(path))
    assert rows.dropped == {'body parameters no numbers': 1, 'no box': 1}
    assert rows['frame'].tolist() == ['00001', '00003']
