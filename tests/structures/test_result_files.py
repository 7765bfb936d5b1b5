import numpy as np
import pytest

from mmbopr.structures import (
    MeshResult,
    read_results,
    result_files,
    tracks_of,
)
from mmbopr.testing.results import make_result


def test_one_file_is_one_result_or_track(tmp_path):
    result = make_result(2, frame=0, track_id=[1, 2])
    result.save(tmp_path / 'a.json')
    tracks_of([result], 25)[1].save(tmp_path / 'b.npz')
    (found,) = read_results(tmp_path / 'a.json')
    np.testing.assert_array_equal(found.betas, result.betas)
    (track,) = read_results(tmp_path / 'b.npz')
    assert track.track_id == 2


def test_a_folder_is_sorted_by_picture_and_frame(tmp_path):
    frames = [make_result(frame=f, img_path='b.mp4', track_id=[1]) for f in
              (10, 9)]  # fmt: skip
    frames[0].save(tmp_path / '1.json')
    frames[1].save(tmp_path / '2.json')
    frames[1].save(tmp_path / '2.npz')  # the same once more
    make_result(img_path='a.jpg').save(tmp_path / '3.npz')
    tracks_of(frames[::-1], 25)[0].save(tmp_path / 'track.npz')
    found = read_results(tmp_path)
    assert all(isinstance(x, MeshResult) for x in found)
    assert [(x.img_path, x.frame) for x in found] == [
        ('a.jpg', None),
        ('b.mp4', 9),
        ('b.mp4', 10),
    ]


def test_what_is_no_result_is_counted(tmp_path, monkeypatch):
    make_result().save(tmp_path / 'good.json')
    (tmp_path / 'notes.json').write_text('{"a": 1}')
    np.savez(tmp_path / 'other.npz', x=1)
    (tmp_path / 'photo.jpg').write_bytes(b'')
    warnings = []
    monkeypatch.setattr(
        result_files, 'print_log', lambda text, *args: warnings.append(text)
    )
    assert len(read_results(tmp_path)) == 1
    (text,) = warnings
    assert 'passed over 2 of 3 files' in text and 'notes.json' in text


def test_no_result_is_an_error(tmp_path):
    (tmp_path / 'notes.json').write_text('{"a": 1}')
    with pytest.raises(ValueError, match=r'none of its 1 .json and .npz'):
        read_results(tmp_path)
    with pytest.raises(ValueError, match=r'notes.json is no result'):
        read_results(tmp_path / 'notes.json')
    with pytest.raises(FileNotFoundError):
        read_results(tmp_path / 'missing.npz')
