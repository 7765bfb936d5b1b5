import pickle
import shutil
import sys
import types

import numpy as np
import pytest
import torch
from scipy import sparse

from mmbopr.body_models import SMPL, GenderedSMPL, smpl_files
from mmbopr.body_models.smpl_files import find_smpl_file, load_smpl
from mmbopr.testing.fake_smpl import make_fake_smpl


@pytest.fixture(scope='module')
def content():
    return make_fake_smpl(seed=0)


def dump(path, content):
    path.write_bytes(pickle.dumps(content, 2))
    return path


def test_reads_what_is_in_the_file(content, smpl_folder):
    body = load_smpl(smpl_folder / 'SMPL_NEUTRAL.pkl', 'neutral', 10)
    assert body.body_model_id == 'smpl'
    for name in ('v_template', 'shapedirs', 'posedirs', 'J_regressor'):
        np.testing.assert_allclose(
            getattr(body, name), content[name], rtol=1e-6
        )
    np.testing.assert_array_equal(body.faces, content['f'])
    np.testing.assert_array_equal(
        body.part_labels, content['weights'].argmax(1)
    )
    assert body.vertex_joint_ids[[0, -1]].tolist() == [332, 6133]


def make_official_pickle(content, monkeypatch):
    """As the official Python-2 files are: chumpy and a sparse regressor."""

    class Ch:
        def __init__(self, **state):
            self.__dict__.update(state)

    Ch.__module__, Ch.__qualname__ = 'chumpy.ch', 'Ch'
    for name in ('chumpy', 'chumpy.ch'):
        monkeypatch.setitem(sys.modules, name, types.ModuleType(name))
    sys.modules['chumpy.ch'].Ch = Ch
    official = content | {
        'shapedirs': Ch(x=content['shapedirs'], _dirty_vars=set()),
        'v_template': Ch(x=Ch(x=content['v_template'])),
        'J_regressor': sparse.csc_matrix(content['J_regressor']),
        'J': Ch(a=1, b=2),
    }
    data = pickle.dumps(official, 2)
    return data.replace(b'cscipy.sparse._csc\n', b'cscipy.sparse.csc\n')


def test_official_chumpy_pickle(content, tmp_path, monkeypatch):
    path = tmp_path / 'basicmodel_m_lbs_10_207_0_v1.0.0.pkl'
    data = make_official_pickle(content, monkeypatch)
    assert b'cchumpy.ch\nCh\n' in data
    assert b'cscipy.sparse.csc\n' in data
    monkeypatch.delitem(sys.modules, 'chumpy.ch')
    path.write_bytes(data)
    body = load_smpl(path, 'male', 10)
    for name in ('v_template', 'shapedirs', 'J_regressor'):
        np.testing.assert_allclose(
            getattr(body, name), content[name], rtol=1e-6
        )


def test_npz(content, smpl_folder, tmp_path):
    path = tmp_path / 'any_name.npz'
    np.savez(path, **content)
    pose = torch.randn(1, 69), torch.randn(1, 3)
    ours = SMPL(path)(torch.ones(1, 10), *pose)
    expected = SMPL(smpl_folder)(torch.ones(1, 10), *pose)
    torch.testing.assert_close(ours.vertices, expected.vertices)


@pytest.mark.parametrize(
    'gender, name',
    [
        ('neutral', 'SMPL_NEUTRAL.pkl'),
        ('neutral', 'basicModel_neutral_lbs_10_207_0_v1.0.0.pkl'),
        ('male', 'basicmodel_m_lbs_10_207_0_v1.0.0.pkl'),
        ('female', 'basicModel_f_lbs_10_207_0_v1.0.0.pkl'),
        ('female', 'SMPL_FEMALE.npz'),
        ('male', 'smpl/SMPL_MALE.pkl'),
    ],
)
def test_names_in_a_folder(tmp_path, gender, name):
    others = {'neutral': 'SMPL_MALE.pkl'}.get(gender, 'SMPL_NEUTRAL.pkl')
    (tmp_path / name).parent.mkdir(exist_ok=True)
    (tmp_path / name).touch()
    (tmp_path / others).touch()
    assert find_smpl_file(tmp_path, gender) == tmp_path / name


def test_missing_file_names_page_and_place(tmp_path):
    with pytest.raises(FileNotFoundError) as error:
        SMPL(tmp_path, 'female')
    assert 'https://smpl.is.tue.mpg.de' in str(error.value)
    assert str(tmp_path / 'SMPL_FEMALE.pkl') in str(error.value)
    with pytest.raises(FileNotFoundError, match=r'to .*/smpl/x\.pkl'):
        SMPL(tmp_path / 'smpl' / 'x.pkl')
    with pytest.raises(FileNotFoundError, match='no neutral SMPL'):
        GenderedSMPL(tmp_path)


def test_unknown_gender(tmp_path):
    with pytest.raises(ValueError, match="gender is 'm', expected one of"):
        SMPL(tmp_path, 'm')


@pytest.mark.parametrize(
    'vertices, joints, name',
    [
        (10475, 55, 'SMPL-X'),
        (6890, 52, 'SMPL-H'),
        (778, 16, 'MANO'),
        (5023, 5, 'FLAME'),
        (100, 24, 'another body'),
    ],
)
def test_other_bodies_are_named(content, tmp_path, vertices, joints, name):
    other = content | {
        'v_template': np.zeros((vertices, 3)),
        'weights': np.zeros((vertices, joints)),
    }
    path = dump(tmp_path / 'SMPL_NEUTRAL.pkl', other)
    with pytest.raises(ValueError, match=f'is {name}: {vertices} vertices'):
        SMPL(path)


def test_missing_keys_are_named(content, tmp_path):
    part = {k: v for k, v in content.items() if k not in ('weights', 'f')}
    path = dump(tmp_path / 'x.pkl', part)
    with pytest.raises(ValueError, match=r"no \['weights', 'f'\]"):
        SMPL(path)
    with pytest.raises(ValueError, match='it is a list'):
        SMPL(dump(tmp_path / 'y.pkl', [1, 2]))


@pytest.mark.parametrize(
    'key, value, message',
    [
        ('posedirs', np.zeros((207, 20670)), 'posedirs has shape'),
        ('v_template', np.full((6890, 3), np.nan), 'v_template holds NaN'),
        ('f', np.full((5, 3), 6890), r'faces ranges over 6890\.\.6890'),
        ('weights', np.ones((6890, 24)), 'rows of weights sum to'),
        ('kintree_table', np.zeros((2, 24), int), "not SMPL's tree"),
        ('shapedirs', 'text', 'shapedirs is not an array of numbers'),
    ],
)
def test_wrong_content_is_named(content, tmp_path, key, value, message):
    path = dump(tmp_path / 'x.pkl', content | {key: value})
    with pytest.raises(ValueError, match=message) as error:
        SMPL(path)
    assert str(path) in str(error.value)


def test_damaged_files(tmp_path, smpl_folder):
    whole = (smpl_folder / 'SMPL_NEUTRAL.pkl').read_bytes()
    path = tmp_path / 'SMPL_NEUTRAL.pkl'
    path.write_bytes(whole[: len(whole) // 2])
    with pytest.raises(ValueError, match='truncated'):
        SMPL(path)
    path.write_bytes(b'<!DOCTYPE html><html>Sign in</html>')
    with pytest.raises(ValueError, match='web page'):
        SMPL(tmp_path)
    path = tmp_path / 'x.npz'
    path.write_bytes(b'PK\x03\x04 no zip')
    with pytest.raises(ValueError, match=r'cannot be read as an \.npz'):
        SMPL(path)


def test_betas_are_cut_and_counted(content, tmp_path):
    many = np.random.default_rng(0).normal(size=(6890, 3, 16))
    path = dump(tmp_path / 'x.pkl', content | {'shapedirs': many})
    body = load_smpl(path, 'neutral', 10)
    np.testing.assert_allclose(body.shapedirs, many[..., :10], rtol=1e-6)
    with pytest.raises(ValueError, match=r'has 16 shape.*num_betas=20'):
        SMPL(path, num_betas=20)


def test_regressors_are_asked_for_only_when_needed(smpl_folder, tmp_path):
    shutil.copy(smpl_folder / 'SMPL_NEUTRAL.pkl', tmp_path)
    body = SMPL(tmp_path)
    output = body(torch.zeros(1, 10), torch.zeros(1, 69), torch.zeros(1, 3))
    assert body.joint_set(output, 'smpl_45').shape == (1, 45, 3)
    for name, file in (
        ('j24', 'J_regressor_extra.npy'),
        ('lsp_14', 'J_regressor_h36m.npy'),
    ):
        with pytest.raises(FileNotFoundError) as error:
            body.joint_set(output, name)
        assert str(tmp_path / file) in str(error.value)
        assert 'nkolot/SPIN' in str(error.value)


def test_regressor_of_another_mesh_is_refused(smpl_folder, tmp_path):
    shutil.copy(smpl_folder / 'SMPL_NEUTRAL.pkl', tmp_path)
    path = tmp_path / 'J_regressor_extra.npy'
    np.save(path, np.zeros((9, 6700)))
    with pytest.raises(ValueError, match=r'\(9, 6700\).*SMPL \(6890'):
        SMPL(tmp_path)
    np.save(path, np.zeros((17, 6890)))
    with pytest.raises(ValueError, match=r'J_regressor_extra has shape'):
        SMPL(tmp_path)


def test_part_labels_of_pare(smpl_folder, tmp_path, content, monkeypatch):
    shutil.copy(smpl_folder / 'SMPL_NEUTRAL.pkl', tmp_path)
    strongest = content['weights'].argmax(1)
    labels = strongest.copy()
    labels[:7] = (labels[:7] + 1) % 24
    path = tmp_path / 'smpl_partSegmentation_mapping.pkl'
    dump(path, {'smpl_index': labels})
    logged = []
    monkeypatch.setattr(
        smpl_files, 'print_log', lambda text, _: logged.append(text)
    )
    np.testing.assert_array_equal(SMPL(tmp_path).part_labels, labels)
    assert '7 of 6890 vertices differ' in logged[0]
    dump(path, {'smpl_index': labels[:100]})
    with pytest.raises(ValueError, match=r'smpl_index has shape \(100,\)'):
        SMPL(tmp_path)


def test_a_single_file_serves_neutral_rows_only(smpl_folder):
    body = GenderedSMPL(smpl_folder / 'SMPL_NEUTRAL.pkl')
    zeros = torch.zeros(1, 10), torch.zeros(1, 69), torch.zeros(1, 3)
    assert body(*zeros, torch.tensor([2])).vertices.shape == (1, 6890, 3)
    with pytest.raises(FileNotFoundError, match=r'male.*one file'):
        body(*zeros, torch.tensor([0]))


def test_an_absent_gender_is_asked_for_when_a_row_needs_it(
    smpl_folder, tmp_path
):
    shutil.copy(smpl_folder / 'SMPL_NEUTRAL.pkl', tmp_path)
    body = GenderedSMPL(tmp_path)
    zeros = torch.zeros(1, 10), torch.zeros(1, 69), torch.zeros(1, 3)
    with pytest.raises(FileNotFoundError, match=r'SMPL_FEMALE\.pkl'):
        body(*zeros, torch.tensor([1]))
