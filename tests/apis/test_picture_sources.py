import cv2
import numpy as np
import pytest

from mmbopr.apis import find_pictures, open_pictures, picture_sources
from mmbopr.apis.picture_sources import is_endless, number_of
from mmbopr.structures.picture import Picture
from mmbopr.video import OpenCVVideoWriter

GREYS = dict(a=10, b=20, c=30)


def blank(grey):
    return np.full((48, 64, 3), grey, np.uint8)


@pytest.fixture
def folder(tmp_path):
    for name, grey in GREYS.items():
        cv2.imwrite(str(tmp_path / f'{name}.png'), blank(grey))
    (tmp_path / '.DS_Store').touch()
    return tmp_path


def greys(pictures):
    return [int(picture.img.mean()) for picture in pictures]


def test_files_folders_patterns_and_arrays(folder):
    assert greys(open_pictures(folder / 'b.png')) == [20]
    assert greys(open_pictures(str(folder))) == [10, 20, 30]
    assert greys(open_pictures(str(folder / '[bc].*'))) == [20, 30]
    (picture,) = open_pictures(blank(7))
    assert picture.path == 'array 0' and picture.frame is None
    mixed = [blank(7), folder / 'a.png', str(folder), Picture(blank(8), 'x')]
    pictures = open_pictures(mixed)
    assert number_of(pictures) == 6
    assert greys(pictures) == [7, 10, 10, 20, 30, 8]
    assert greys(pictures) == [7, 10, 10, 20, 30, 8]  # a second time


def test_a_folder_stands_for_its_pictures_by_name(tmp_path):
    for name in ('b.jpg', 'a.PNG', 'notes.txt', 'c.webp'):
        (tmp_path / name).touch()
    (tmp_path / 'inside').mkdir()
    found = find_pictures([tmp_path / 'c.webp', tmp_path])
    names = [path.name for path in found]
    assert names == ['c.webp', 'a.PNG', 'b.jpg', 'c.webp']


def test_what_a_folder_holds_beside_pictures_is_counted(tmp_path, monkeypatch):
    warnings = []
    monkeypatch.setattr(
        picture_sources, 'print_log', lambda text, *args: warnings.append(text)
    )
    for name in ('a.jpg', '._a.jpg', 'b.heic', 'c.gif', 'd.gif', '.DS_Store'):
        (tmp_path / name).touch()
    (tmp_path / 'e.jpg').mkdir()
    found = find_pictures([tmp_path])
    assert [path.name for path in found] == ['a.jpg']
    (text,) = warnings
    assert 'passed over 3 files' in text and '(.gif, .heic)' in text


def test_no_picture_is_an_error(tmp_path):
    with pytest.raises(FileNotFoundError, match=r'lost\.jpg'):
        find_pictures([tmp_path / 'lost.jpg'])
    with pytest.raises(FileNotFoundError, match='found none'):
        find_pictures([tmp_path])


def test_only_files_fit_a_pattern(folder):
    (folder / 'd.png').mkdir()
    assert greys(open_pictures(f'{folder}/[a-d].png')) == [10, 20, 30]
    with pytest.raises(FileNotFoundError, match='no file fits'):
        open_pictures(f'{folder}/[d].png')


def test_a_file_is_not_read_before_its_turn(folder):
    (folder / 'b.png').write_text('torn')
    pictures = iter(open_pictures(folder))
    assert next(pictures).path == str(folder / 'a.png')
    with pytest.raises(OSError, match=r'b\.png'):
        next(pictures)


def test_videos_at_a_lower_rate(folder):
    with OpenCVVideoWriter(folder / 'v.mp4', 10) as writer:
        for grey in range(0, 240, 12):
            writer.write(blank(grey))
    video = open_pictures(folder / 'v.mp4', fps=5)
    assert number_of(video) == 10 and not is_endless(video)
    frames = list(video)
    assert [frame.frame for frame in frames] == list(range(0, 20, 2))
    np.testing.assert_allclose(greys(frames), range(0, 240, 24), atol=6)


def test_any_iterable_of_pictures_is_taken_as_it_is():
    given = (Picture(blank(i), str(i)) for i in range(2))
    assert open_pictures(given) is given and number_of(given) is None


def test_what_cannot_be_opened(tmp_path):
    with pytest.raises(FileNotFoundError, match='no file fits'):
        open_pictures(str(tmp_path / '*.jpg'))
    with pytest.raises(FileNotFoundError, match='found none'):
        open_pictures(tmp_path)
    with pytest.raises(FileNotFoundError, match=r'lost\.mp4'):
        open_pictures(tmp_path / 'lost.mp4')
    with pytest.raises(ValueError, match='webcam:1'):
        open_pictures('webcam:front')
    with pytest.raises(OSError, match='webcam 63'):
        open_pictures('webcam:63')
    with pytest.raises(ValueError, match='expected a picture'):
        open_pictures(np.zeros((4, 4)))
