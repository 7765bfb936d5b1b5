import importlib.util
import json
import zipfile
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from dump_fakes import make_dump
from numpy.testing import assert_allclose
from scipy.spatial.transform import Rotation

from mmbopr.body_models import SMPL, GenderedSMPL
from mmbopr.evaluation import write_dump
from mmbopr.evaluation.agora_submission import (
    check_person,
    person_names,
    person_record,
    project_joints,
    write_submission,
)
from mmbopr.testing.fake_smpl import write_fake_smpl
from mmbopr.utils.safe_load import safe_load_pickle

TOOL = Path(__file__).parents[2] / 'tools/agora_submission.py'
COUNT = 4
IMAGES = [
    'test/ag_one_00000_1280x720.png',
    'test/ag_two_00000_1280x720.png',
    'test/ag_one_00000_1280x720.png',
    'test/ag_two_00001.png',
]


@pytest.fixture(scope='module')
def smpl_folder(tmp_path_factory):
    return write_fake_smpl(tmp_path_factory.mktemp('smpl'), regressors=False)


@pytest.fixture(scope='module')
def body_model(smpl_folder):
    return GenderedSMPL(smpl_folder)


@pytest.fixture
def dump():
    """People before three small pictures and a large one."""
    rng = np.random.default_rng(0)
    sizes = np.array([[720, 1280]] * 3 + [[2160, 3840]])
    rotations = Rotation.random(COUNT * 24, random_state=0).as_matrix()
    focal, centre = 0.8 * sizes[:, 1], sizes[:, ::-1] / 2
    return make_dump(
        COUNT,
        protocol=dict(gt_source='none', body_model_id='smpl'),
        pred_pose=rotations.reshape(COUNT, 24, 3, 3),
        pred_betas=rng.normal(size=(COUNT, 10)),
        img_path=np.array(IMAGES),
        img_hw=sizes,
        cam_transl_full=rng.normal((0, 0, 8), 1, (COUNT, 3)),
        K_full=np.column_stack([focal, focal, centre]),
        bbox=np.tile([600, 300, 200, 200], (COUNT, 1)) + np.arange(4)[:, None],
    )


def load_tool():
    spec = importlib.util.spec_from_file_location('agora_submission', TOOL)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def read_zip(path, folder):
    with zipfile.ZipFile(path) as archive:
        archive.extractall(folder)
    return {
        str(file.relative_to(folder)): safe_load_pickle(file)
        for file in sorted(folder.rglob('*.pkl'))
    }


def test_the_zip_holds_a_person_each(dump, body_model, tmp_path):
    path = tmp_path / 'out' / 'predictions.zip'
    assert write_submission(dump, body_model, path) == 3
    people = read_zip(path, tmp_path / 'read')
    assert list(people) == [
        'predictions/ag_one_00000_personId_0.pkl',
        'predictions/ag_one_00000_personId_1.pkl',
        'predictions/ag_two_00000_personId_0.pkl',
        'predictions/ag_two_00001_personId_0.pkl',
    ]
    second = people['predictions/ag_one_00000_personId_1.pkl']
    params = second['params']
    assert_allclose(params['transl'], dump.cam_transl_full[2:3])
    assert_allclose(params['betas'], dump.pred_betas[2:3])
    assert_allclose(params['global_orient'], dump.pred_pose[2:3, None, 0])
    assert_allclose(params['body_pose'], dump.pred_pose[2:3, 1:])
    assert second['pose2rot'] is False and second['gender'] == 'neutral'
    assert_allclose(second['joints'], project_joints(dump, body_model)[2])


def test_joints_land_where_the_server_would_project_them(dump, smpl_folder):
    """By the parameters in the file alone, in pixels of 3840x2160."""
    found = project_joints(dump, GenderedSMPL(smpl_folder))
    smpl = SMPL(smpl_folder, 'neutral')
    for row in range(COUNT):
        person = person_record(dump, row, found[row])
        tensors = {
            key: smpl.v_template.new_tensor(value)
            for key, value in person['params'].items()
        }
        tensors['global_orient'] = tensors['global_orient'][:, 0]
        tensors['global_orient'] = tensors['global_orient'][:, None]
        joints = smpl(**tensors, pose2rot=False).joints[0, :24].numpy()
        pixels = joints[:, :2] / joints[:, 2:] * 0.8 * 3840 + [1920, 1080]
        assert_allclose(found[row], pixels, atol=0.05)


def test_equal_predictions_give_equal_files(dump, body_model, tmp_path):
    for name in 'ab':
        write_submission(dump, body_model, tmp_path / name)
    assert (tmp_path / 'a').read_bytes() == (tmp_path / 'b').read_bytes()


def test_people_are_counted_in_each_picture():
    assert person_names(['x/a.png', 'b.png', 'a_1280x720.png']) == [
        'a_personId_0.pkl', 'b_personId_0.pkl', 'a_personId_1.pkl',
    ]  # fmt: skip


# --- what the server would reject
@pytest.mark.parametrize(
    ('spoil', 'message'),
    [
        (lambda p: p.pop('joints'), 'joints must be .* found NoneType'),
        (lambda p: p.update(joints=np.zeros((23, 2))), r'found .* \(23, 2\)'),
        (lambda p: p.update(joints=[[0, 0]] * 24), 'joints .* found list'),
        (lambda p: p['params'].pop('betas'), r'params/betas .* \(1, 10\), fo'),
        (
            lambda p: p['params'].update(scale=np.ones(1)),
            'scale .* shape None',
        ),
        (lambda p: p['params']['transl'].fill(np.nan), 'transl .* 3 NaN'),
        (
            lambda p: p['params'].update(betas=np.zeros((1, 10), int)),
            'betas must hold finite numbers, found int64',
        ),
        (lambda p: p.pop('pose2rot'), "expected {'pose2rot': False"),
    ],
)
def test_what_is_not_as_documented_is_named(dump, spoil, message):
    person = person_record(dump, 0, np.zeros((24, 2)))
    check_person(person, 'a.pkl')
    spoil(person)
    with pytest.raises(ValueError, match=f'a.pkl: .*{message}'):
        check_person(person, 'a.pkl')


def test_nothing_is_left_after_an_error(dump, body_model, tmp_path):
    dump.cam_transl_full[3] = np.nan
    path = tmp_path / 'predictions.zip'
    with pytest.raises(ValueError, match='ag_two_00001_personId_0'):
        write_submission(dump, body_model, path)
    assert not list(tmp_path.iterdir())


def test_dumps_that_cannot_be_submitted_are_refused(dump, body_model):
    with pytest.raises(ValueError, match=r"has no \['K_full'\]; write it"):
        project_joints(replace(dump, K_full=None), body_model)
    with pytest.raises(ValueError, match='holds nobody'):
        project_joints(dump.select([]), body_model)
    with pytest.raises(ValueError, match=r"dump is of 'smpl' .* is 'open-1'"):
        project_joints(dump, GenderedSMPL('open'))
    square = np.full((COUNT, 2), 720)
    with pytest.raises(ValueError, match=r'one_00000_1280x720.png: expected'):
        project_joints(replace(dump, img_hw=square), body_model)


# --- the tool
def run_tool(dump, smpl_folder, tmp_path, *options):
    write_dump(dump, str(tmp_path / 'dump.npz'))
    out = tmp_path / 'out.zip'
    load_tool().main(
        [
            str(tmp_path / 'dump.npz'), f'--out={out}',
            f'--body-model={smpl_folder}', *options,
        ]
    )  # fmt: skip
    return read_zip(out, tmp_path / 'read')


def test_failed_predictions_are_left_out_and_counted(
    dump, smpl_folder, tmp_path, capsys
):
    dump.pred_betas[1, 4] = np.nan
    assert len(run_tool(dump, smpl_folder, tmp_path)) == 3
    text = capsys.readouterr().out
    assert '1 of 4 people left out: the prediction is not finite' in text
    assert 'Wrote 3 people in 2 pictures' in text


def test_only_detected_people_are_submitted(
    dump, smpl_folder, tmp_path, capsys
):
    """The second picture's box is elsewhere, the third row's scores low."""
    entries = [
        ('ag_one_00000_1280x720.png', [550, 250, 100, 100], 0.9),
        ('ag_one_00000_1280x720.png', [592, 292, 20, 20], 0.2),
        ('ag_two_00000_1280x720.png', [0, 0, 10, 10], 0.9),
        ('ag_two_00001.png', [593, 253, 20, 100], 0.8),
    ]
    path = tmp_path / 'det.json'
    path.write_text(
        json.dumps(
            [
                dict(file_name=f'any/{name}', bbox=box, score=score)
                for name, box, score in entries
            ]
        )
    )
    people = run_tool(
        dump, smpl_folder, tmp_path, f'--detections={path}', '--min-score=0.5'
    )
    assert [name.split('/')[1] for name in people] == [
        'ag_one_00000_personId_0.pkl', 'ag_two_00001_personId_0.pkl',
    ]  # fmt: skip
    text = capsys.readouterr().out
    assert '1 of 4 people left out: their crop lies on no detection' in text
    assert '1 of 3 people left out: scores below 0.5' in text


@pytest.mark.parametrize(
    'entry, message',
    [
        (dict(image_id=7, bbox=[0, 0, 1, 1], score=1), ': entry 0 must have'),
        (dict(file_name='a.png', score=1), ': entry 0 must have'),
        (
            dict(file_name='a.png', bbox=[0, 0, 1, 1]),
            r', a\.png: every entry must have a score',
        ),
    ],
)
def test_unusable_detections_are_named(
    dump, smpl_folder, tmp_path, entry, message
):
    path = tmp_path / 'det.json'
    path.write_text(json.dumps([entry]))
    with pytest.raises(ValueError, match=rf'det\.json{message}'):
        run_tool(dump, smpl_folder, tmp_path, f'--detections={path}')
    path.write_text('not json')
    with pytest.raises(ValueError, match=r'det\.json: no JSON file'):
        run_tool(dump, smpl_folder, tmp_path, f'--detections={path}')
