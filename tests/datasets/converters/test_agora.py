import numpy as np
import pytest

from mmbopr.datasets import AGORAMeshDataset
from mmbopr.datasets.converters import (
    AGORAConverter,
    ConversionError,
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
from mmbopr.testing.foreign_pickle import Foreign, dataframe, foreign_dumps
from mmbopr.testing.miniature.agora import (
    CAMERAS,
    make_agora_crowd,
    write_agora,
)
from mmbopr.utils.dataframe_stand_ins import DATAFRAME_ALLOW
from mmbopr.utils.safe_load import safe_load_pickle

KNOWN = ('pose', 'betas', 'transl', 'K', 'kp2d', 'kp3d', 'gender', 'person',
         'img_hw')  # fmt: skip


def convert(folder, split='train'):
    out = folder / f'{split}.npz'
    convert_dataset(AGORAConverter(folder, split, partial=True), out)
    return out


def read(path, split='train'):
    folder = path.parents[1]
    return AGORAConverter(folder, split).convert(Unit(path))


def answers_by_picture(crowd):
    order = np.lexsort([crowd.person, crowd.frame])
    return {key: value[order] for key, value in crowd.answers().items()}


@pytest.fixture(scope='module')
def crowd():
    return make_agora_crowd('hdri_50mm')


@pytest.fixture(scope='module')
def converted(crowd, tmp_path_factory):
    folder = tmp_path_factory.mktemp('agora')
    write_agora(folder, crowd, 'hdri_50mm', split='validation')
    return convert(folder, 'validation')


@pytest.mark.parametrize('kind', list(CAMERAS))
def test_rows_are_the_known_answers_under_every_camera(tmp_path, kind):
    crowd = make_agora_crowd(kind, seed=len(kind))
    rows = read(write_agora(tmp_path, crowd, kind))
    assert_answers(rows.complete(), answers_by_picture(crowd), *KNOWN)
    assert rows.notes['joint_error_mm'] < 0.05
    assert (rows['kp2d'][..., 2] == 1).all()


def test_columns_of_the_file(crowd, converted):
    columns = load_columns(converted)
    assert_answers(columns, answers_by_picture(crowd), *KNOWN)
    np.testing.assert_allclose(columns['occlusion'], [0.25, 0.15] * 2)
    assert set(columns['dataset']) == {'agora'}
    assert set(columns['seq']) == {'validation_0'}
    name = 'ag_trainset_renderpeople_hdri_50mm_5_10_00001'
    assert columns['frame'][2] == name
    assert columns['img_path'][2] == f'validation/{name}_1280x720.png'
    assert not columns['kid'].any() and columns['has_kp3d'].all()


def test_bodies_project_onto_their_key_points(converted, open_body):
    errors = reprojection_errors(load_columns(converted), open_body)
    assert np.nanmax(errors) < 0.05


def test_targets_and_mirror(crowd, converted, open_body, tmp_path):
    flipped = make_crops(converted, converted.parent, flip=True)
    targets = build_targets(flipped, open_body)
    assert targets.has_segmentation.all() and targets.has_betas.all()
    write_agora(tmp_path, crowd.mirrored(), 'hdri_50mm', split='validation')
    assert_mirrored(
        make_crops(convert(tmp_path, 'validation'), tmp_path), flipped
    )


def test_children_are_adults_with_the_joints_of_a_child(crowd, tmp_path):
    rows = read(write_agora(tmp_path, crowd, 'hdri_50mm', kids=[1]))
    assert rows['kid'].tolist() == [False, True, False, True]
    assert rows['has_kp3d'].tolist() == [True, False, True, False]
    answers = answers_by_picture(crowd)
    assert rows['betas'].shape == (4, 10)
    np.testing.assert_allclose(rows['betas'], answers['betas'], atol=1e-6)
    # Nose and ankles as given, LSP's hips of the adult body not at all.
    child = rows['kp2d'][1]
    assert child[0, 2] == 1 and child[25, 2] == 1 and child[27, 2] == 0
    pelvis = crowd.project(crowd.smpl_45[crowd.person == 1][0])[0]
    size = child[25, :2] - pelvis, answers['kp2d'][1, 25] - pelvis
    assert np.linalg.norm(size[0]) < 0.8 * np.linalg.norm(size[1])
    assert (
        rows['bbox_cs'][1, 2]
        < 0.8
        * read(write_agora(tmp_path / 'adults', crowd, 'hdri_50mm'))[
            'bbox_cs'
        ][1, 2]
    )


def test_children_without_given_joints_have_no_box(crowd, tmp_path):
    path = write_agora(
        tmp_path, crowd, 'hdri_50mm', kids=[1], with_joints=False
    )
    rows = read(path)
    assert rows.dropped == {'no box': 2}
    assert_answers(
        rows.complete(),
        {k: v[::2] for k, v in answers_by_picture(crowd).items()},
        *KNOWN,
    )


def test_what_is_left_out_is_counted(crowd, tmp_path):
    path = write_agora(
        tmp_path, crowd, 'hdri_50mm', invalid=[(1, 0)], occlusion=95.0
    )
    rows = read(path)
    assert rows.num_read == 4
    assert rows.dropped == {'not valid': 1, '90% hidden or more': 2}
    assert rows['frame'][0].endswith('00001') and len(rows) == 1


def test_dataframes_with_joints_go_first(crowd, tmp_path):
    for number in (0, 1):
        for with_joints in (True, False):
            write_agora(
                tmp_path,
                crowd,
                'hdri_50mm',
                number=number,
                with_joints=with_joints or number == 1,
            )
    names = [u.path.name for u in AGORAConverter(tmp_path, 'train').units()]
    assert names == ['train_0_withjv.pkl', 'train_1_withjv.pkl']
    with pytest.raises(FileNotFoundError, match=r'agora\.is\.tue\.mpg\.de'):
        AGORAConverter(tmp_path, 'validation').units()


def test_fits_of_another_body_are_refused(crowd, tmp_path, smpl_folder):
    path = write_agora(tmp_path, crowd, 'hdri_50mm')
    converter = AGORAConverter(tmp_path, 'train', smpl_folder)
    with pytest.raises(ConversionError, match="mm away from 'gt_joints_3d'"):
        converter.convert(Unit(path))


def rewrite(path, key, value):
    frame = safe_load_pickle(path, allow=DATAFRAME_ALLOW)
    columns = {name: list(column) for name, column in frame.items()}
    if value is None:
        del columns[key]
    else:
        columns[key][0] = value
    path.write_bytes(foreign_dumps(dataframe(columns)))


@pytest.mark.parametrize(
    ('key', 'value', 'message'),
    [
        ('kid', None, "has no 'kid'"),
        ('Yaw', [1.0], r"picture 0: .* 2 people, 'Yaw' about 1"),
        ('gt_joints_2d', [np.zeros((24, 2))] * 2, r'must have shape \(45, 2'),
    ],
)
def test_damaged_dataframes_are_named(crowd, tmp_path, key, value, message):
    path = write_agora(tmp_path, crowd, 'hdri_50mm')
    rewrite(path, key, value)
    with pytest.raises(ConversionError, match=message) as error:
        read(path)
    assert str(path) in str(error.value)


def test_missing_and_damaged_fits_are_named(crowd, tmp_path):
    path = write_agora(tmp_path, crowd, 'hdri_50mm')
    fit = min((tmp_path / 'smpl_gt/trainset').iterdir())
    fit.write_bytes(foreign_dumps({'root_pose': [[0, 0]]}))
    with pytest.raises(ConversionError, match="'root_pose' must have") as e:
        read(path)
    assert str(fit) in str(e.value)
    fit.write_bytes(foreign_dumps(Foreign('os system', ('true',))))
    with pytest.raises(ValueError, match=r'os\.system'):
        read(path)
    fit.unlink()
    with pytest.raises(FileNotFoundError, match=f'{fit}: not found'):
        read(path)


# --- subsets
@pytest.mark.parametrize(
    ('subset', 'rows'),
    [
        ('all', [0, 1, 2, 3, 4, 5]),
        ('kid', [1, 4]),
        ('adult', [0, 2, 3, 5]),
        ('occ_0_10', [0]),
        ('occ_10_30', [1, 2]),
        ('occ_30_50', [3]),
        ('occ_50_70', [4]),
        ('occ_70_90', [5]),
    ],
)
def test_subsets(converted, tmp_path, subset, rows):
    columns = load_columns(converted)
    columns = {
        key: np.resize(value, (6, *value.shape[1:])) if value.ndim else value
        for key, value in columns.items()
    }
    percent = np.array([9.99, 10, 29.9, 30, 50, 89])
    columns['occlusion'] = (percent / 100).astype(np.float32)
    columns['kid'] = np.isin(np.arange(6), [1, 4])
    np.savez(tmp_path / 'a.npz', **columns)
    dataset = AGORAMeshDataset(str(tmp_path / 'a.npz'), subset=subset)
    assert dataset.data_list.tolist() == rows
    assert dataset.metainfo['split'] == subset


def test_subsets_need_their_columns(converted, tmp_path):
    columns = load_columns(converted)
    del columns['kid']
    np.savez(tmp_path / 'a.npz', **columns)
    with pytest.raises(ValueError, match="there is no column 'kid'"):
        AGORAMeshDataset(str(tmp_path / 'a.npz'), subset='kid')
