"""What may go wrong in an export, and what is left then."""

from dataclasses import replace

import numpy as np
import pytest

from mmbopr.exports import (
    RESULT_WRITERS,
    TRACK_WRITERS,
    export_result,
    export_track,
)
from mmbopr.testing.results import make_result


def test_unknown_suffixes_name_the_known(tmp_path, body, track):
    with pytest.raises(ValueError, match=r"'\.stl'.*\.glb, \.obj, \.ply"):
        export_result(make_result(1), tmp_path / 'x.stl', body)
    with pytest.raises(ValueError, match=r"'\.fbx'.*\.bvh, \.glb, \.npz"):
        export_track(track, tmp_path / 'x.fbx', body)
    with pytest.raises(ValueError, match=r'\.bvh is not for an image'):
        export_result(make_result(1), tmp_path / 'x.bvh', body)


@pytest.mark.parametrize('suffix', RESULT_WRITERS)
def test_nobody_is_an_error(tmp_path, body, suffix):
    with pytest.raises(ValueError, match=r'photo\.jpg: there is nobody'):
        export_result(make_result(0), tmp_path / f'x{suffix}', body)
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize('suffix', TRACK_WRITERS)
def test_another_body_is_an_error(tmp_path, body, track, suffix):
    other = replace(track, body_model_id='smpl')

    with pytest.raises(ValueError, match=r"track 3 .*'smpl', but 'open-1'"):
        export_track(other, tmp_path / f'x{suffix}', body)
    with pytest.raises(ValueError, match=r"photo\.jpg .*'smpl'"):
        result = make_result(1, body_model_id='smpl')
        export_result(result, tmp_path / 'x.obj', body)
    assert not list(tmp_path.iterdir())


def test_unknown_axes_name_the_known(tmp_path, body):
    with pytest.raises(ValueError, match=r"'maya'.*opencv.*opengl.*blender"):
        export_result(make_result(1), tmp_path / 'x.obj', body, axis='maya')


@pytest.mark.parametrize('frame', [[], [0, 2, 2, 3, 4], [4, 3, 2, 1, 0]])
def test_frames_must_rise(tmp_path, body, track, frame):
    rows = {
        name: getattr(track, name)[: len(frame)]
        for name in ('global_orient', 'body_pose', 'betas', 'cam_t_full')
    }
    wrong = replace(track, frame=np.array(frame), **rows)

    with pytest.raises(ValueError, match='track 3: its frames must be'):
        export_track(wrong, tmp_path / 'x.bvh', body)


def test_only_finite_numbers_are_written(tmp_path, body, track):
    transl = track.cam_t_full.copy()
    transl[1, 2] = np.nan

    with pytest.raises(ValueError, match='track 3: cam_t_full holds NaN'):
        wrong = replace(track, cam_t_full=transl)
        export_track(wrong, tmp_path / 'x.glb', body)


def test_where_nothing_can_be_written(tmp_path, body):
    (tmp_path / 'file').write_text('')

    with pytest.raises(OSError, match=r'cannot write here.*x\.obj'):
        export_result(make_result(1), tmp_path / 'file' / 'x.obj', body)


def test_a_failure_leaves_what_was_there(tmp_path, body, track):
    (tmp_path / 'x.glb').write_text('before')

    with pytest.raises(TypeError, match='num_wrong'):
        export_track(track, tmp_path / 'x.glb', body, num_wrong=1)

    assert [p.name for p in tmp_path.iterdir()] == ['x.glb']
    assert (tmp_path / 'x.glb').read_text() == 'before'


def test_folders_are_made_and_suffixes_may_be_capitals(tmp_path, body):
    export_result(make_result(1), tmp_path / 'a' / 'b' / 'X.PLY', body)

    assert (tmp_path / 'a' / 'b' / 'X.PLY').read_bytes().startswith(b'ply\n')
