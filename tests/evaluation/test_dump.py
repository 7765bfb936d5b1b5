import json
from dataclasses import fields

import numpy as np
import pytest
from dump_fakes import make_dump, optional_arrays
from numpy.testing import assert_array_equal

from mmbopr.evaluation import (
    EvaluationDump,
    read_dump,
    summarize,
    write_dump,
)
from mmbopr.evaluation.dump import ARRAY_SPECS, OPTIONAL_SPECS


def test_specs_list_the_arrays_of_the_class():
    names = [spec.name for spec in fields(EvaluationDump)]
    assert names == [*ARRAY_SPECS, 'protocol', *OPTIONAL_SPECS]


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
    assert all(getattr(back, name) is None for name in OPTIONAL_SPECS)


def test_optional_arrays_come_back_and_are_selected(tmp_path):
    dump = make_dump(**optional_arrays(4))
    write_dump(dump, str(tmp_path / 'dump.npz'))
    back = read_dump(str(tmp_path / 'dump.npz'))
    for name, (dtype, _) in OPTIONAL_SPECS.items():
        assert_array_equal(getattr(back, name), getattr(dump, name))
        assert getattr(back, name).dtype.type is np.dtype(dtype).type
    assert back.select([2]).img_path.tolist() == ['images/2.jpg']
    assert make_dump(frame=np.arange(4)).frame.tolist() == list('0123')


def test_joints_are_those_of_the_protocol():
    dump = make_dump(protocol=dict(joint_set='j17'))
    assert dump.joint_errors.shape == (4, 17, 3) and dump.num_joints == 17
    with pytest.raises(ValueError, match=r'joint_errors: .*\(4, 24, 3\)'):
        EvaluationDump(**{**dump.arrays, 'protocol': dict(joint_set='j24')})
    with pytest.raises(ValueError, match=r"joint_set .* found 'coco'"):
        EvaluationDump(**{**dump.arrays, 'protocol': dict(joint_set='coco')})


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
    with pytest.raises(ValueError, match='seq holds pickled objects'):
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
