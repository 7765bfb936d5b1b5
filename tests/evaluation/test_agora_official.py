"""Scores from AGORA's files, beside a slow loop over what they hold."""

import pickle
import zipfile

import numpy as np
import pytest
import torch
from agora_mirror import mirror

from mmbopr.body_models import GenderedSMPL
from mmbopr.datasets.converters import ConversionError
from mmbopr.evaluation.agora_predictions import read_agora_predictions
from mmbopr.evaluation.agora_truth import read_agora_truth
from mmbopr.evaluation.functional import score_agora_groups
from mmbopr.testing.miniature.agora import make_agora_crowd, write_agora
from mmbopr.utils.rotation import axis_angle_to_matrix
from mmbopr.utils.safe_load import UnsafePickleError

KID, ABSENT, INVALID = (1, 0), (2, 1), (0, 1)  # person, frame
SCALE = 10  # pictures of the miniature are a tenth of the annotated size
NAME = 'ag_trainset_renderpeople_hdri_50mm_5_10_{:05d}'


@pytest.fixture(scope='module')
def crowd():
    return make_agora_crowd('hdri_50mm', 2, num_people=3, seed=3)


@pytest.fixture(scope='module')
def root(crowd, tmp_path_factory):
    """Folder of AGORA's validation split: two pictures of three people."""
    folder = tmp_path_factory.mktemp('agora')
    write_agora(
        folder,
        crowd,
        'hdri_50mm',
        split='validation',
        kids=[KID[0]],
        invalid=[INVALID],
        occlusion=35.0,
    )
    return folder


@pytest.fixture(scope='module')
def predicted(crowd):
    """One dict a prediction, as AGORA documents it, by its file's name.

    Vertices of the first picture, parameters of the second; somebody is not
    found, and somebody is found who is not there.
    """
    rng = np.random.default_rng(0)
    people = {}
    for row in range(len(crowd)):
        person, frame = int(crowd.person[row]), int(crowd.frame[row])
        if (person, frame) == ABSENT:
            continue
        joints = crowd.smpl_45[row] + rng.normal(0, 0.03, (45, 3))
        record = {'joints': crowd.project(joints) * SCALE}
        if frame == 0:
            record['allSmplJoints3d'] = joints[None, :24]
            record['verts'] = crowd.vertices[row] + rng.normal(0, 0.02, 3)
        else:
            pose = crowd.pose[row] + rng.normal(0, 0.05, (24, 3))
            if person == 1:
                record['pose2rot'] = False
                pose = as_matrices(pose)
            record['params'] = dict(
                transl=crowd.transl[row, None],
                betas=crowd.betas[row, None] + 0.3,
                global_orient=pose[None, :1],
                body_pose=pose[None, 1:],
            )
            record['joints'] = record['joints'][:24]
        people[f'{NAME.format(frame)}_personId_{person}.pkl'] = record
    stranger = dict(people[f'{NAME.format(0)}_personId_0.pkl'])
    stranger['joints'] = stranger['joints'] + [2000, -700]
    people[f'{NAME.format(0)}_personId_7.pkl'] = stranger
    return people


def as_matrices(pose):
    return axis_angle_to_matrix(torch.from_numpy(pose)).numpy()


def write_zip(path, people):
    with zipfile.ZipFile(path, 'w') as archive:
        for name, record in people.items():
            data = (
                record if isinstance(record, bytes) else pickle.dumps(record)
            )
            archive.writestr(f'predictions/{name}', data)
    return path


@pytest.fixture(scope='module')
def body():
    return GenderedSMPL('open')


def slow_body(record, body):
    """24 joints and the vertices of one prediction."""
    if 'verts' in record:
        return record['allSmplJoints3d'][0], record['verts']
    matrices = record.get('pose2rot') is False
    orient, pose, betas, transl = (
        torch.tensor(record['params'][key]).float()
        for key in ('global_orient', 'body_pose', 'betas', 'transl')
    )
    if not matrices:
        orient, pose = orient.reshape(1, 3), pose.reshape(1, 69)
    output = body.neutral(betas, pose, orient, transl, pose2rot=not matrices)
    return output.joints[0, :24].numpy(), output.vertices[0].numpy()


def slow_scores(crowd, predicted, body, members):
    """Everything one number at a time, with its own bodies."""
    sums, matched, missed, extra = np.zeros(2), 0, 0, 0
    for frame in (0, 1):
        rows = np.flatnonzero(crowd.frame == frame)
        truth = []
        for row in rows:
            size = 0.7 if crowd.person[row] == KID[0] else 1
            pelvis = crowd.smpl_45[row, 0]
            truth.append(
                [
                    pelvis + size * (x[row] - pelvis)
                    for x in (crowd.smpl_45, crowd.vertices)
                ]
            )
        names = sorted(
            x for x in predicted if x.startswith(NAME.format(frame))
        )
        bodies = [slow_body(predicted[name], body) for name in names]
        valid = [(int(crowd.person[r]), frame) != INVALID for r in rows]
        pairs, alone, lost = mirror(
            np.stack([predicted[name]['joints'] for name in names]),
            np.stack([crowd.project(x) * SCALE for x, _ in truth]),
            valid,
        )
        for p, g in pairs:
            if not members(int(crowd.person[rows[g]])):
                continue
            matched += 1
            for kind in (0, 1):
                ours, theirs = bodies[p][kind], truth[g][kind]
                our_hip = (bodies[p][0][1] + bodies[p][0][2]) / 2
                their_hip = (truth[g][0][1] + truth[g][0][2]) / 2
                count = 24 if kind == 0 else len(theirs)
                total = 0.0
                for k in range(count):
                    gap = (ours[k] - our_hip) - (theirs[k] - their_hip)
                    total += 1000 * float(np.sqrt((gap**2).sum()))
                sums[kind] += total / count
        extra += len(alone)
        missed += sum(members(int(crowd.person[rows[g]])) for g in lost)
    f1 = round(matched / (matched + 0.5 * (extra + missed)), 2)
    mpjpe, mve = (round(float(x), 1) for x in sums / matched)
    return dict(
        Precision=round(matched / (matched + extra), 2),
        Recall=round(matched / (matched + missed), 2),
        F1=f1,
        MPJPE=mpjpe,
        MVE=mve,
        NMJE=round(mpjpe / f1, 1),
        NMVE=round(mve / f1, 1),
        num_matched=matched,
        num_misses=missed,
        num_false_positives=extra,
    )


def test_scores_equal_the_slow_loop(crowd, root, predicted, body, tmp_path):
    truth = read_agora_truth(root)
    path = write_zip(tmp_path / 'pred.zip', predicted)
    found = score_agora_groups(
        read_agora_predictions(path, body),
        truth.people,
        truth.valid,
        truth.groups(),
    )
    for name, members in (
        ('all', lambda person: True),
        ('kids', lambda person: person == KID[0]),
        ('adults', lambda person: person != KID[0]),
    ):
        expected = slow_scores(crowd, predicted, body, members)
        assert found[name] == pytest.approx(expected, abs=0.11), name
        for key in ('F1', 'num_matched', 'num_misses', 'num_false_positives'):
            assert found[name][key] == expected[key], (name, key)
    assert found['all']['num_matched'] == 4
    assert found['kids']['num_matched'] == 2
    # Person p is hidden by 35 - 10 p percent.
    bands = {k: v['num_matched'] for k, v in found.items() if '%' in k}
    assert bands['30-40 % hidden'] == 1 and bands['10-20 % hidden'] == 1
    assert sum(bands.values()) == 4


def test_a_folder_reads_as_the_zip(predicted, body, tmp_path):
    whole = read_agora_predictions(
        write_zip(tmp_path / 'pred.zip', predicted), body
    )
    with zipfile.ZipFile(tmp_path / 'pred.zip') as archive:
        archive.extractall(tmp_path / 'folder')
    again = read_agora_predictions(tmp_path / 'folder', body)
    for ours, theirs in zip(whole, again, strict=True):
        np.testing.assert_array_equal(ours, theirs)
    assert whole.keypoints_2d.shape == (6, 45, 2)
    assert set(whole.image) == {NAME.format(0), NAME.format(1)}


def test_vertices_are_needed_in_the_dataframes(crowd, tmp_path):
    write_agora(
        tmp_path, crowd, 'hdri_50mm', split='validation', with_joints=False
    )
    with pytest.raises(
        ConversionError,
        match=r'validation_0.pkl, .*png, person 0: has no .*_withjv.pkl',
    ):
        read_agora_truth(tmp_path)


class _Code:
    def __reduce__(self):
        return (print, ('executed',))


@pytest.mark.parametrize(
    ('name', 'change', 'error', 'message'),
    [
        ('a_personId_0.pkl', dict(joints=np.zeros((23, 2))), ConversionError,
         "a_personId_0.pkl: 'joints' must hold at least 24"),
        ('a_personId_0.pkl', dict(joints=np.full((24, 2), np.nan)),
         ConversionError, 'finite'),
        ('a_personId_0.pkl', dict(verts=np.zeros((500, 3))), ConversionError,
         r"'verts' must have shape \(6700, 3\)"),
        ('a_personId_0.pkl', dict(verts=_Code()), UnsafePickleError, 'print'),
        ('a_0.pkl', dict(), ConversionError, 'holds no IMAGE_personId'),
    ],
)  # fmt: skip
def test_bad_predictions_are_named(
    body, tmp_path, capsys, name, change, error, message
):
    record = dict(
        joints=np.zeros((24, 2)),
        verts=np.zeros((6700, 3)),
        allSmplJoints3d=np.zeros((24, 3)),
    )
    path = write_zip(tmp_path / 'pred.zip', {name: {**record, **change}})
    with pytest.raises(error, match=message):
        read_agora_predictions(path, body)
    assert 'executed' not in capsys.readouterr().out


def test_children_need_vertices_and_zips_must_be_whole(
    predicted, body, tmp_path
):
    name = f'{NAME.format(1)}_personId_0.pkl'
    kid = {name: {**predicted[name], 'age': 'kid'}}
    path = write_zip(tmp_path / 'kid.zip', kid)
    with pytest.raises(ConversionError, match=r'personId_0.pkl: is a child'):
        read_agora_predictions(path, body)
    path.write_bytes(path.read_bytes()[:-30])
    with pytest.raises(ConversionError, match=r'neither a folder nor a whole'):
        read_agora_predictions(path, body)
    with zipfile.ZipFile(path, 'w', zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(name, pickle.dumps(predicted[name]))
    content = bytearray(path.read_bytes())
    middle = len(content) // 2
    content[middle : middle + 64] = b'\xff' * 64
    path.write_bytes(content)
    with pytest.raises(ConversionError, match=r'neither a folder nor a whole'):
        read_agora_predictions(path, body)
    with pytest.raises(FileNotFoundError, match='there are no predictions'):
        read_agora_predictions(tmp_path / 'none.zip', body)
