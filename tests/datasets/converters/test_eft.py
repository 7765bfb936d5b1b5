import json

import numpy as np
import pytest
import torch

from mmbopr.datasets import (
    CocoEFTMeshDataset,
    LSPETEFTMeshDataset,
    MPIIEFTMeshDataset,
)
from mmbopr.datasets.converters import (
    CocoEFTConverter,
    ConversionError,
    LSPETEFTConverter,
    MPIIEFTConverter,
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
from mmbopr.testing.miniature.eft import SIDE, make_eft_crowd, write_eft
from mmbopr.utils.camera import (
    fit_translation,
    perspective_project,
    virtual_intrinsics,
)


@pytest.fixture(scope='module')
def crowd():
    return make_eft_crowd()


@pytest.fixture(scope='module')
def converted(crowd, tmp_path_factory):
    folder = tmp_path_factory.mktemp('coco')
    write_eft(folder, crowd)
    return convert(folder)


def convert(folder):
    converter = CocoEFTConverter(folder, 'train', partial=True)
    convert_dataset(converter, folder / 'train.npz')
    return folder / 'train.npz'


def test_rows_are_the_known_answers(crowd, converted):
    columns = load_columns(converted)
    answers = crowd.answers()
    assert_answers(columns, answers, 'betas', 'kp2d', 'gender', 'img_hw')
    # Bodies are posed by matrices with errors of 1e-4.
    np.testing.assert_allclose(
        columns['kp3d'][..., :3], answers['kp3d'], atol=1e-3
    )
    np.testing.assert_allclose(columns['pose'], crowd.pose, atol=2e-3)
    np.testing.assert_allclose(
        columns['bbox_cs'], np.tile([*crowd.K[2:], SIDE], (4, 1)), rtol=1e-6
    )
    assert np.isnan(columns['K']).all() and np.isnan(columns['transl']).all()
    assert (columns['gender'] == 2).all()
    assert columns['img_path'].tolist() == [
        f'train2014/COCO_train2014_{frame:012d}.jpg' for frame in crowd.frame
    ]
    assert columns['person'].tolist() == [1000, 1001, 1002, 1003]
    assert set(columns['split']) == {'train'}
    assert columns['has_smpl'].all()


def test_joints_without_a_label_have_no_confidence(converted):
    confidence = load_columns(converted)['kp2d'][..., 2]
    expected = np.ones(49)
    expected[47:] = 0
    np.testing.assert_array_equal(confidence, np.tile(expected, (4, 1)))


def test_bodies_project_onto_their_key_points(converted, open_body):
    """Under the camera that training finds for the crop."""
    crops = make_crops(converted, converted.parent)
    targets = build_targets(crops, open_body)
    K = virtual_intrinsics(torch.ones(4, 2))
    joints = targets.keypoints_3d[..., :3]
    keypoints, weight = targets.keypoints_2d.split([2, 1], -1)
    transl, found = fit_translation(joints, keypoints, weight[..., 0], K)
    assert found.all() and targets.has_segmentation.all()
    assert targets.has_betas.all()
    gap = perspective_project(joints + transl[:, None], K) - keypoints
    gap = (gap * SIDE / 2).norm(dim=-1)[weight[..., 0] > 0]
    assert gap.max() < 1


def test_a_mirrored_world_gives_mirrored_samples(crowd, converted, tmp_path):
    write_eft(tmp_path, crowd.mirrored())
    assert_mirrored(
        make_crops(convert(tmp_path), tmp_path),
        make_crops(converted, converted.parent, flip=True),
    )


def test_slices_hold_every_person_once(crowd, tmp_path):
    path = write_eft(tmp_path, crowd)
    converter = CocoEFTConverter(tmp_path, 'train', partial=True)
    persons = []
    for index in range(3):
        persons += converter.read(Unit(path, index, 3))['person'].tolist()
    assert persons == [1000, 1001, 1002, 1003]
    assert len(converter.read(Unit(path, 0, 9))) == 0


@pytest.mark.parametrize(
    ('converter', 'dataset', 'files'),
    [
        (MPIIEFTConverter, MPIIEFTMeshDataset,
         dict(name='MPII_ver01.json', pictures='images', picture='%09d.jpg')),
        (LSPETEFTConverter, LSPETEFTMeshDataset,
         dict(name='LSPet_train_ver10.json', pictures='hr-lspet',
              picture='im%05d.png')),
        (CocoEFTConverter, CocoEFTMeshDataset, {}),
    ],
)  # fmt: skip
def test_each_data_set_has_its_files(
    crowd, tmp_path, converter, dataset, files
):
    write_eft(tmp_path, crowd, **files)
    out = tmp_path / 'train.npz'
    convert_dataset(converter(tmp_path, 'train', partial=True), out)
    people = dataset('train.npz', data_root=str(tmp_path))
    assert len(people) == 4
    assert people.metainfo['dataset_name'] == converter.name
    others = {CocoEFTMeshDataset, MPIIEFTMeshDataset} - {dataset}
    with pytest.raises(ValueError, match=f'the file holds {converter.name}'):
        others.pop()(str(out))


@pytest.mark.parametrize(
    ('converter', 'split', 'count'),
    [
        (CocoEFTConverter, 'train', 79051),
        (CocoEFTConverter, 'part', 28344),
        (CocoEFTConverter, 'val', 10510),
        (MPIIEFTConverter, 'train', 14361),
        (LSPETEFTConverter, 'train', 2946),
        (LSPETEFTConverter, 'test', 2433),
    ],
)
def test_known_counts(converter, split, count):
    (known,) = converter.known[split]
    assert known.stage == 'read' and known.count == count and known.certain


def rewrite(path, change):
    """Change the first person of a json file."""
    content = json.loads(path.read_text())
    change(content['data'][0])
    path.write_text(json.dumps(content))


@pytest.mark.parametrize(
    ('change', 'message'),
    [
        (lambda p: p.pop('parm_cam'), "person 0: has no 'parm_cam'"),
        (lambda p: p.update(parm_pose=[0.0] * 72), r"'parm_pose' must have"),
        (lambda p: p.update(smpltype='smplx'), "'smpltype' is 'smplx'"),
        (lambda p: p.update(parm_shape=['a'] * 10), 'no array of numbers'),
    ],
)
def test_damaged_people_are_named(crowd, tmp_path, change, message):
    path = write_eft(tmp_path, crowd)
    rewrite(path, change)
    converter = CocoEFTConverter(tmp_path, 'train')
    with pytest.raises(ConversionError, match=message) as error:
        converter.read(Unit(path))
    assert str(path) in str(error.value)


def test_poses_that_are_none_are_counted(crowd, tmp_path):
    path = write_eft(tmp_path, crowd)

    def no_rotation(person):
        person['parm_pose'][7] = np.diag([1, 1, -1.0]).tolist()

    rewrite(path, no_rotation)
    rows = CocoEFTConverter(tmp_path, 'train').read(Unit(path))
    assert rows.dropped == {'pose not of rotations': 1}
    rewrite(path, lambda p: p.update(parm_pose=np.full((24, 3, 3), np.nan)
                                     .tolist()))  # fmt: skip
    rows = CocoEFTConverter(tmp_path, 'train').read(Unit(path))
    assert rows.dropped == {'body parameters no numbers': 1}
    assert rows['person'].tolist() == [1001, 1002, 1003]


def test_a_box_outside_the_picture_is_counted(crowd, tmp_path):
    path = write_eft(tmp_path, crowd)
    rewrite(path, lambda p: p.update(bbox_center=[5000, 100]))
    rows = CocoEFTConverter(tmp_path, 'train').convert(Unit(path))
    assert rows.dropped == {'box outside the picture': 1}


def test_a_json_that_is_cut_off_is_named(crowd, tmp_path):
    path = write_eft(tmp_path, crowd)
    path.write_text(path.read_text()[:-100])
    with pytest.raises(ConversionError, match='may be cut off'):
        convert(tmp_path)
    assert not (tmp_path / 'train.npz').exists()


def test_the_missing_file_is_named(tmp_path):
    with pytest.raises(FileNotFoundError) as error:
        CocoEFTConverter(tmp_path, 'part').units()
    message = str(error.value)
    assert str(tmp_path / 'eft_fit/COCO2014-Part-ver01.json') in message
    assert 'github.com/facebookresearch/eft' in message
