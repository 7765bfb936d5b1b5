import json
from dataclasses import fields

import numpy as np
import pytest
from numpy.testing import assert_allclose, assert_array_equal

from mmbopr.evaluation import (
    EvaluationDump,
    read_dump,
    summarize,
    summarize_errors,
    write_dump,
)
from mmbopr.evaluation.dump import ARRAY_SPECS, check_identities


def make_dump(count=4, **changes):
    rng = np.random.default_rng(0)
    arrays = {
        name: rng.normal(0, 0.05, (count, *shape))
        for name, (_, shape) in ARRAY_SPECS.items()
    }
    arrays.update(
        sample_idx=np.arange(count) * 2,
        gender=np.arange(count) % 3,
        seq=np.array([f'outdoors_{i}' for i in range(count)]),
        occlusion=np.linspace(0, 1, count),
        protocol=dict(dataset_name='toy', bbox_scale=1.2),
    )
    return EvaluationDump(**{**arrays, **changes})


def test_specs_list_the_arrays_of_the_class():
    names = [spec.name for spec in fields(EvaluationDump)]
    assert names == [*ARRAY_SPECS, 'protocol']


def test_a_dump_comes_back_as_it_was(tmp_path):
    dump = make_dump()
    path = tmp_path / 'results' / 'dump.npz'
    write_dump(dump, str(path))
    back = read_dump(str(path))
    for name in ARRAY_SPECS:
        assert_array_equal(getattr(back, name), getattr(dump, name))
        assert getattr(back, name).dtype == getattr(dump, name).dtype
    assert back.protocol == dict(dataset_name='toy', bbox_scale=1.2, count=4)
    assert summarize(back) == summarize(dump)
    assert [p.name for p in path.parent.iterdir()] == ['dump.npz']


def test_a_failed_write_leaves_the_old_file(tmp_path):
    path = tmp_path / 'dump.npz'
    write_dump(make_dump(), str(path))
    before = path.read_bytes()
    with pytest.raises(TypeError, match='not JSON serializable'):
        write_dump(make_dump(protocol=dict(bad=object())), str(path))
    assert path.read_bytes() == before
    assert [p.name for p in tmp_path.iterdir()] == ['dump.npz']


def test_select_keeps_the_rows_of_a_mask():
    dump = make_dump()
    part = dump.select(dump.occlusion > 0.5)
    assert part.sample_idx.tolist() == [4, 6]
    assert part.seq.tolist() == ['outdoors_2', 'outdoors_3']
    assert part.protocol['count'] == 2
    assert dump.protocol['count'] == 4


def test_summary_worked_by_hand():
    errors = np.zeros((2, 14, 3))
    errors[0, 0] = [0.003, 0.004, 0]
    errors[1, 13] = [0, 0, -0.014]
    pa = np.full((2, 14), 0.002)
    metrics = summarize_errors(errors, pa, np.array([0.01, 0.03]))
    expected = {
        'MPJPE': (5 / 14 + 1) / 2,
        'PA-MPJPE': 2.0,
        'PVE': 20.0,
        'MPJPE_x': 3 / 28,
        'MPJPE_y': 4 / 28,
        'MPJPE_z': 0.5,
        'MPJPE_Ankle': 1.25,
        'MPJPE_Knee': 0.0,
        'MPJPE_Hip': 0.0,
        'MPJPE_Wrist': 0.0,
        'MPJPE_Elbow': 0.0,
        'MPJPE_Shoulder': 0.0,
        'MPJPE_Neck': 0.0,
        'MPJPE_Head': 7.0,
    }
    assert metrics == pytest.approx(expected)


def test_means_are_taken_in_float64():
    errors = np.zeros((200_000, 14, 3), np.float32)
    errors[..., 2] = 0.1
    pa = np.full((200_000, 14), 0.1, np.float32)
    metrics = summarize_errors(errors, pa, pa[:, 0])
    for key in ('MPJPE', 'PA-MPJPE', 'PVE', 'MPJPE_z'):
        assert_allclose(metrics[key], 1000 * float(np.float32(0.1)), 1e-12)


def test_nothing_and_non_finite_have_no_summary():
    with pytest.raises(ValueError, match='at least one sample'):
        summarize(make_dump(count=0))
    dump = make_dump()
    dump.vertex_errors[2] = np.nan
    with pytest.raises(ValueError, match=r'vertex_errors: .* rows 2;'):
        summarize(dump)


def test_numbers_of_two_evaluations_are_found_out():
    metrics = summarize(make_dump())
    check_identities(metrics)
    with pytest.raises(ArithmeticError, match='root sum of squares'):
        check_identities({**metrics, 'MPJPE_z': 2 * metrics['MPJPE']})
    with pytest.raises(ArithmeticError, match='weighted mean'):
        check_identities({**metrics, 'MPJPE_Head': 0.0})


def test_arrays_that_do_not_fit_are_refused():
    with pytest.raises(ValueError, match=r'seq: expected shape \(4,\)'):
        make_dump(seq=np.array(['a']))
    with pytest.raises(ValueError, match=r'unique rows, found 1 dupl'):
        make_dump(sample_idx=np.array([0, 1, 1, 2]))


def test_missing_file(tmp_path):
    with pytest.raises(FileNotFoundError):
        read_dump(str(tmp_path / 'none.npz'))


def spoil(content, name):
    if name == 'truncated':
        return content[: len(content) // 2]
    if name == 'empty':
        return b''
    if name == 'text':
        return b'MPJPE 68.8\n'
    middle = len(content) // 2
    return content[:middle] + b'\xff' * 64 + content[middle + 64 :]


@pytest.mark.parametrize('how', ['truncated', 'empty', 'text', 'damaged'])
def test_spoiled_files_are_named(tmp_path, how):
    path = tmp_path / 'dump.npz'
    write_dump(make_dump(), str(path))
    path.write_bytes(spoil(path.read_bytes(), how))
    with pytest.raises(ValueError, match=r'dump\.npz: .*write it again'):
        read_dump(str(path))


def test_foreign_archives_are_named(tmp_path):
    npy, npz = str(tmp_path / 'a.npy'), str(tmp_path / 'a.npz')
    np.save(npy, np.zeros(3))
    with pytest.raises(ValueError, match=r'a\.npy: .*write it again'):
        read_dump(npy)
    np.savez(npz, pose=np.zeros(3))
    with pytest.raises(ValueError, match=r"found 'none' with keys \['pose'"):
        read_dump(npz)
    np.savez(npz, seq=np.array([{}], dtype=object))
    with pytest.raises(ValueError, match='allow_pickle=False'):
        read_dump(npz)


def rewrite(path, **changes):
    with np.load(path) as archive:
        content = {**archive, **changes}
    kept = {k: v for k, v in content.items() if v is not None}
    np.savez(path, **kept)


@pytest.mark.parametrize(
    ('change', 'message'),
    [
        (dict(pred_cam=None), r"keys \['pred_cam'\] are missing"),
        (dict(pred_cam=np.zeros((4, 2))), r'pred_cam: expected shape \(4, 3'),
        (dict(protocol='{'), r'dump\.npz: '),
        (dict(format='mmbopr-9'), r"expected format .* found 'mmbopr-9'"),
    ],
)
def test_wrong_content_is_named(tmp_path, change, message):
    path = str(tmp_path / 'dump.npz')
    write_dump(make_dump(), path)
    rewrite(path, **change)
    with pytest.raises(ValueError, match=message):
        read_dump(path)


def test_protocol_is_json(tmp_path):
    path = str(tmp_path / 'dump.npz')
    write_dump(make_dump(), path)
    with np.load(path, allow_pickle=False) as archive:
        protocol = json.loads(str(archive['protocol']))
    assert protocol['bbox_scale'] == 1.2
