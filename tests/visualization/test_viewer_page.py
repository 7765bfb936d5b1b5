import base64
import hashlib
import json
import re
from pathlib import Path

import cv2
import numpy as np
import pytest

import mmbopr.visualization
from mmbopr.structures import tracks_of
from mmbopr.testing.results import make_result
from mmbopr.visualization import viewer_page, write_viewer_page
from mmbopr.visualization.posed_people import pose_people

ASSETS = Path(mmbopr.visualization.__file__).parent / 'viewer'


def data_of(path):
    text = path.read_text()
    pattern = r'<script type="application/json" id="data">(.*?)</script>'
    return json.loads(re.search(pattern, text, re.DOTALL).group(1))


def decoded(text, dtype):
    return np.frombuffer(base64.b64decode(text), dtype)


def test_page_holds_the_meshes_to_their_quantisation(tmp_path, body):
    results = [
        make_result(2, seed=s, track_id=[5, 8], frame=s) for s in range(2)
    ]
    write_viewer_page(
        tmp_path / 'a/page.html', results, body, title='<b>{{data}}'
    )
    data = data_of(tmp_path / 'a/page.html')
    faces = decoded(data['faces'], '<u4').reshape(-1, 3)
    np.testing.assert_array_equal(faces, body.faces.numpy())
    for frame, result in zip(data['frames'], results, strict=True):
        people = pose_people(result, body)
        for row, person in enumerate(frame['people']):
            steps = decoded(person['vertices'], '<i2').reshape(-1, 3)
            vertices = person['offset'] + person['step'] * steps
            expected = people.vertices[row].numpy()
            error = np.abs(vertices - expected).max()
            assert error <= person['step'] / 2 + 1e-6 and error < 5e-5
            np.testing.assert_allclose(
                person['position'],
                result.joints[row, 0] + result.cam_t_full[row],
                atol=1e-5,
            )
            assert 1.2 < person['height'] < 2.4
    assert [p['name'] for p in data['frames'][1]['people']] == ['#5', '#8']
    assert data['frames'][1]['name'] == 'photo.jpg, frame 1'
    assert data['frames'][0]['people'][0]['color'] == '#80d0d4'
    page = (tmp_path / 'a/page.html').read_text()
    assert '<title>&lt;b&gt;{{data}}</title>' in page
    assert [p.name for p in (tmp_path / 'a').iterdir()] == ['page.html']


def test_photos_stand_behind(tmp_path, body):
    image = np.zeros((480, 1600, 3), np.uint8)
    image[..., 0] = 200  # red
    result = make_result(img_path='</script>.jpg')
    write_viewer_page(
        tmp_path / 'x.html', [result, result], body, [image, None]
    )
    first, second = data_of(tmp_path / 'x.html')['frames']
    head, text = first['photo'].split(',')
    assert head == 'data:image/jpeg;base64' and second['photo'] is None
    photo = cv2.imdecode(decoded(text, np.uint8), cv2.IMREAD_COLOR)
    assert photo.shape == (384, 1280, 3)
    np.testing.assert_allclose(photo[200, 200], [0, 0, 200], atol=4)
    assert first['name'] == 'script>.jpg'


def test_tracks_become_frames(tmp_path, body):
    results = [
        make_result(seed=s, frame=s, track_id=[3], betas=np.zeros((1, 10)))
        for s in (2, 4)
    ]
    tracks = tracks_of(results, 12.5)
    write_viewer_page(tmp_path / 'tracks.html', tracks, body)
    write_viewer_page(tmp_path / 'results.html', results, body)
    of_tracks = data_of(tmp_path / 'tracks.html')
    of_results = data_of(tmp_path / 'results.html')
    assert (of_tracks['fps'], of_results['fps']) == (12.5, 10)
    assert [f['name'] for f in of_tracks['frames']] == ['frame 2', 'frame 4']
    for one, other in zip(
        of_tracks['frames'], of_results['frames'], strict=True
    ):
        assert one['people'] == other['people']
        assert (one['K'], one['size']) == (other['K'], other['size'])


def test_nobody_is_a_page_too(tmp_path, body):
    write_viewer_page(tmp_path / 'x.html', make_result(0), body)
    assert data_of(tmp_path / 'x.html')['frames'][0]['people'] == []


def test_bad_input_writes_nothing(tmp_path, body, monkeypatch):
    path = tmp_path / 'x.html'
    with pytest.raises(ValueError, match='no result to show'):
        write_viewer_page(path, [], body)
    with pytest.raises(ValueError, match=r"'smpl'.*'open-1'"):
        write_viewer_page(path, make_result(body_model_id='smpl'), body)
    with pytest.raises(ValueError, match='argument 2 is shorter'):
        write_viewer_page(path, [make_result()] * 2, body, [None])
    lost = make_result(cam_t_full=[[0, np.nan, 3]])
    with pytest.raises(ValueError, match=r'photo.jpg: .*No. 0 is not finite'):
        write_viewer_page(path, lost, body)
    monkeypatch.setattr(viewer_page, '_MAX_CHARACTERS', 60_000)
    with pytest.raises(ValueError, match=r'after 2 of 3 frames.*every fifth'):
        write_viewer_page(path, [make_result()] * 3, body)
    assert list(tmp_path.iterdir()) == []


def test_three_is_what_its_notice_says():
    notice = (ASSETS / 'README.md').read_text()
    digest = hashlib.sha256((ASSETS / 'three.min.js').read_bytes())
    assert digest.hexdigest() in notice
    assert '0.187.0' in (ASSETS / 'three.min.js').read_text()
    assert 'three.js authors' in (ASSETS / 'THREE_LICENSE').read_text()
