"""The page of ``mmbopr web`` in a real browser."""

import io
import os
import shutil
from pathlib import Path

import cv2
import numpy as np
import pytest
from PIL import Image

from mmbopr.structures import MeshResult
from mmbopr.structures.picture import Picture
from mmbopr.visualization import draw_result
from mmbopr.webapp import serve

CHROMIUM = shutil.which('chromium')
pytestmark = pytest.mark.skipif(
    CHROMIUM is None, reason='needs the program chromium'
)
ARGS = ('--no-sandbox', '--use-gl=swiftshader', '--disable-gpu-watchdog',
        '--enable-unsafe-swiftshader')  # fmt: skip
ERROR = '#message .note.error'


@pytest.fixture(scope='module')
def url(model, handlers_stay):
    with serve(model, note='<b>tiny</b>') as url:
        yield url


@pytest.fixture(scope='module')
def browser():
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=CHROMIUM, args=ARGS
        )
        yield browser
        browser.close()


@pytest.fixture
def open_page(browser, url):
    """Opens pages; afterwards none of them may have complained."""
    pages = []

    def open_one():
        page = browser.new_page(viewport=dict(width=1300, height=900))
        page.errors, page.requested = [], []
        page.on('request', lambda r: page.requested.append(r.url))
        page.on('pageerror', lambda e: page.errors.append(str(e)))
        page.on(
            'console',
            lambda m: m.type == 'error' and page.errors.append(m.text),
        )
        page.goto(url)
        page.wait_for_selector('#recover')
        pages.append(page)
        return page

    yield open_one
    for page in pages:
        assert page.errors == []
        inside = ('data:', 'about:', 'blob:', url)
        assert [x for x in page.requested if not x.startswith(inside)] == []
        page.close()


def upload(page, path):
    page.set_input_files('#photo input[type=file]', str(path))


def pixels(page, name):
    """(H, W, 3) uint8 of a picture on the page, as it was sent."""
    page.wait_for_selector(f'#{name} img')
    source = page.get_attribute(f'#{name} img', 'src')
    content = page.request.get(source).body()
    return np.array(Image.open(io.BytesIO(content)).convert('RGB'))


@pytest.fixture
def two_photos(large, tmp_path):
    files = [tmp_path / 'one.png', tmp_path / 'two.png']
    for file, img in zip(files, (large.img, large.img[:, ::-1]), strict=True):
        cv2.imwrite(str(file), img)
    return files


def expected_overlay(model, file):
    answer = model.answer(Picture(cv2.imread(str(file)), ''), 'whole')
    return draw_result(answer.image, answer.result, model.body_model, ['mesh'])


def test_two_people_ask_at_once_and_see_their_own(
    open_page, model, two_photos
):
    pages = [open_page(), open_page()]
    for page, file in zip(pages, two_photos, strict=True):
        upload(page, file)
        shown = pixels(page, 'preview')
        np.testing.assert_array_equal(shown, cv2.imread(str(file))[..., ::-1])
    for page in pages:
        page.click('#recover')
    for page, file in zip(pages, two_photos, strict=True):
        overlay = pixels(page, 'overlay')
        expected = expected_overlay(model, file)
        np.testing.assert_array_equal(overlay, expected)
        changed = (overlay != pixels(page, 'preview')).any(-1)
        assert 0.02 < changed.mean() < 0.9
        assert page.inner_text('#message').startswith('1 person in ')
        assert '<b>tiny</b>' in page.inner_text('body')


def test_everything_of_an_answer(open_page, two_photos, tmp_path):
    page = open_page()
    upload(page, two_photos[0])
    page.wait_for_selector('#preview img')
    page.get_by_text('Boxes, camera, drawing').click()
    page.fill('#boxes textarea', '50 25 300 400\n250, 50, 500, 350')
    page.fill('#camera textarea, #camera input', '1500')
    page.click('#recover')
    for name in ('side', 'top'):
        view = pixels(page, name)
        assert view.shape == (480, 480, 3) and (view[0] == 255).all()
        assert (view != 255).any()
    with page.expect_download() as download:
        page.click('#download-json')
    download.value.save_as(tmp_path / 'one.json')
    result = MeshResult.load(tmp_path / 'one.json')
    assert (result.img_path, len(result)) == ('one.png', 2)
    assert result.K.tolist() == [1500, 1500, 288, 216]
    page.get_by_role('tab', name='3D').click()
    people = page.frame_locator('iframe.viewer').locator('#people tr')
    people.nth(1).wait_for()
    page.get_by_role('tab', name='Attention').click()
    page.locator('#attention img').nth(1).wait_for()
    page.get_by_role('tab', name='Numbers').click()
    page.locator('#joints').get_by_text('left_hip').first.wait_for()


def test_errors_are_messages(open_page, two_photos, tmp_path):
    page = open_page()
    page.click('#recover')
    page.get_by_text('Choose a photo first.').wait_for()
    (tmp_path / 'note.png').write_text('no picture')
    upload(page, tmp_path / 'note.png')
    page.get_by_text('note.png: 10 bytes that are no picture').wait_for()
    page.click('#recover')
    page.wait_for_selector(ERROR)
    assert 'mmbopr-web' not in page.inner_text(ERROR)
    assert not page.is_visible('#answer')
    # A new page: what is put into a field that is being cleared can be lost.
    page = open_page()
    upload(page, two_photos[0])
    page.wait_for_selector('#preview img')
    page.get_by_text('Pedestrian detector').click()
    page.click('#recover')
    page.get_by_text('Nobody was found.').wait_for()
    page.get_by_text('Boxes, camera, drawing').click()
    page.fill('#boxes textarea', '9 8 7 6')
    page.click('#recover')
    page.get_by_text('expected left, top, right, bottom with').wait_for()


def test_only_its_own_files_are_served(browser, url, tiny_model):
    page = browser.new_page()
    for path in ('/etc/hostname', tiny_model / 'net.pth', Path(__file__)):
        for prefix in ('gradio_api/file=', 'file='):
            assert page.request.get(f'{url}{prefix}{path}').status >= 400
    page.close()


def test_nothing_is_left(model, handlers_stay, tmp_path, monkeypatch):
    monkeypatch.setattr('tempfile.tempdir', str(tmp_path))
    before = dict(os.environ)
    with serve(model):
        (folder,) = tmp_path.glob('mmbopr-web-*')
    assert not folder.exists()
    assert dict(os.environ) == before
