import cv2
import numpy as np
import pytest
from PIL import Image

from mmbopr.structures import tracks_of
from mmbopr.testing.phone_videos import turn_phone
from mmbopr.testing.results import make_result
from mmbopr.video import OpenCVVideoWriter
from mmbopr.visualization import view_files, view_results

RED = np.full((480, 640, 3), (200, 20, 20), np.uint8)


@pytest.fixture
def shown(monkeypatch):
    """What was to be written: results, images and keywords."""
    shown = {}

    def write(path, results, body_model, images=None, **options):
        shown.update(results=results, **options)
        shown['images'] = None if images is None else list(images)

    monkeypatch.setattr(view_files, 'write_viewer_page', write)
    return shown


def test_a_folder_becomes_a_page(tmp_path, body):
    for name in 'ab':
        result = make_result(img_path=f'{name}.jpg')
        result.save(tmp_path / f'out/{name}.json')
    view_results(tmp_path / 'out', tmp_path / 'x.html', body)
    page = (tmp_path / 'x.html').read_text()
    assert '<h1>out</h1>' in page and 'a.jpg' in page and 'b.jpg' in page


def test_pictures_stand_behind_where_they_are(
    tmp_path, body, shown, monkeypatch
):
    warnings = []
    monkeypatch.setattr(
        view_files, 'print_log', lambda text, *args: warnings.append(text)
    )
    cv2.imwrite(str(tmp_path / 'a.png'), RED[..., ::-1])
    cv2.imwrite(str(tmp_path / 'b.png'), RED[:9])  # cropped since
    for name in ('a.png', 'b.png', 'gone.png'):
        result = make_result(img_path=str(tmp_path / name))
        result.save(tmp_path / f'{name}.npz')
    view_results(tmp_path, tmp_path / 'x.html', body, fps=3)
    first, *others = shown['images']
    np.testing.assert_array_equal(first, RED)
    assert others == [None, None] and shown['fps'] == 3
    assert len(warnings) == 1 and '2 of 3 pictures' in warnings[0]
    view_results(tmp_path, tmp_path / 'x.html', body, with_photos=False)
    assert shown['images'] is None


def test_frames_of_a_video_stand_behind(tmp_path, body, shown):
    path = str(tmp_path / 'clip.avi')
    codec = cv2.VideoWriter_fourcc(*'MJPG')
    video = cv2.VideoWriter(path, codec, 10, (640, 480))
    for level in (0, 50, 100, 150):
        video.write(np.full((480, 640, 3), level, np.uint8))
    video.release()
    for frame in (1, 3):
        result = make_result(img_path=path, frame=frame)
        result.save(tmp_path / f'{frame}.npz')
    view_results(tmp_path, tmp_path / 'x.html', body)
    levels = [image.mean() for image in shown['images']]
    np.testing.assert_allclose(levels, [50, 150], atol=3)


def test_a_video_of_a_phone_stands_upright(tmp_path, body, shown):
    path = tmp_path / 'phone.mp4'
    with OpenCVVideoWriter(path, 5) as writer:
        writer.write(np.full((48, 64, 3), (20, 20, 200), np.uint8))
    turn_phone(path, 90)
    result = make_result(img_path=str(path), img_shape=(64, 48), frame=0)
    result.save(tmp_path / '0.npz')
    view_results(tmp_path / '0.npz', tmp_path / 'x.html', body)
    (image,) = shown['images']
    assert image.shape == (64, 48, 3)
    np.testing.assert_allclose(image.mean((0, 1)), (200, 20, 20), atol=9)


def test_a_picture_of_a_phone_stands_upright(tmp_path, body, shown):
    path = tmp_path / 'phone.webp'
    exif = Image.Exif()
    exif[0x0112] = 6  # a quarter turn
    Image.new('RGB', (640, 480), (200, 20, 20)).save(path, exif=exif)
    result = make_result(img_path=str(path), img_shape=(640, 480))
    result.save(tmp_path / 'r.npz')
    view_results(tmp_path / 'r.npz', tmp_path / 'x.html', body)
    assert shown['images'][0].shape == (640, 480, 3)


def test_a_track_has_no_pictures(tmp_path, body, shown):
    result = make_result(frame=0, track_id=[1])
    tracks_of([result], 25)[0].save(tmp_path / 't.npz')
    view_results(tmp_path / 't.npz', tmp_path / 'x.html', body)
    assert shown['images'] is None and shown['results'][0].track_id == 1
