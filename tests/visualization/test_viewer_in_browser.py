"""The page of ``mmbopr view`` in a real browser."""

import io
import shutil

import numpy as np
import pytest
from PIL import Image

from mmbopr.structures import SMPL_24
from mmbopr.testing.results import make_result
from mmbopr.visualization import write_viewer_page
from mmbopr.visualization.posed_people import pose_people

CHROMIUM = shutil.which('chromium')
pytestmark = pytest.mark.skipif(
    CHROMIUM is None, reason='needs the program chromium'
)
ARGS = (
    '--no-sandbox',
    '--use-gl=swiftshader',
    '--enable-unsafe-swiftshader',
    # Drawing in software takes its time on a busy machine.
    '--disable-gpu-watchdog',
)
SIZE = dict(width=900, height=600)


@pytest.fixture(scope='module')
def results():
    """Frames of a person that faces the camera and raises its left arm."""
    frames = []
    for frame, angle in enumerate([-0.9, 1.3]):
        body_pose = np.zeros((2, 69), np.float32)
        joint = SMPL_24.names.index('left_shoulder') - 1
        body_pose[0, 3 * joint + 2] = angle
        frames.append(
            make_result(
                2,
                frame=frame,
                track_id=[4, 1],
                body_pose=body_pose,
                betas=np.zeros((2, 10)),
                global_orient=[[np.pi, 0, 0]] * 2,
                cam_t_full=[[0, 0.2, 4.0], [-1.2, 0.2, 6.0]],
            )
        )
    return frames


@pytest.fixture(scope='module')
def page(tmp_path_factory, body, results):
    """The page with a blue photo, opened; ``page.log`` is what it said."""
    from playwright.sync_api import sync_playwright

    path = tmp_path_factory.mktemp('viewer') / 'page.html'
    photo = np.zeros((480, 640, 3), np.uint8)
    photo[..., 2] = 255
    write_viewer_page(path, results, body, [photo] * 2, fps=4)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=CHROMIUM, args=ARGS
        )
        page = browser.new_page(viewport=SIZE)
        page.log = []
        page.on('request', lambda r: page.log.append(r.url.partition(',')[0]))
        page.on('pageerror', lambda e: page.log.append(str(e)))
        page.on(
            'console',
            lambda m: m.type == 'error' and page.log.append(m.text),
        )
        open_page(page, path.as_uri())
        yield page
        browser.close()


def open_page(page, url):
    """Once more if the browser's driver gave up, as it does when starved."""
    for _ in range(3):
        page.log.clear()
        page.goto(url)
        picture(page)
        if not page.evaluate('renderer.getContext().isContextLost()'):
            break


def picture(page):
    """(H, W, 3) uint8 of the scene without what floats above it."""
    page.add_style_tag(
        content='header, aside, footer { opacity: 0 } canvas { opacity: 1 }'
    )
    png = page.screenshot()
    return np.array(Image.open(io.BytesIO(png)).convert('RGB')).astype(int)


def set_frame(page, number):
    page.evaluate(
        """number => {
          const slider = document.getElementById('slider');
          slider.value = number;
          slider.dispatchEvent(new Event('input'));
        }""",
        number,
    )


@pytest.fixture
def start(page):
    """The page as it was when it was opened."""
    set_frame(page, 0)
    page.click('[data-view=camera]')
    return page


def test_it_loads_offline_and_without_errors(page, start):
    # Its own file and the photos inside it, nothing else.
    remote = [x for x in page.log if not x.startswith(('file:', 'data:'))]
    assert remote == []
    assert page.log[0].endswith('page.html')


def test_photo_and_people_are_seen(page, start):
    seen = picture(page)
    blue = (seen[..., 2] > 220) & (seen[..., :2].max(-1) < 40)
    assert 0.4 < blue.mean() < 0.95
    # The photo is as high as the window; it is 640 of 480 wide.
    assert np.ptp(np.nonzero(blue.any(0))[0]) + 1 == pytest.approx(800, abs=2)
    page.uncheck('#photo')
    assert ((picture(page) - seen).any(-1)).mean() > 0.4
    page.check('#photo')


def test_people_stand_where_the_camera_sees_them(page, start, results, body):
    page.uncheck('#photo')
    with_people = picture(page)
    for box in page.query_selector_all('#people input'):
        box.uncheck()
    nobody = picture(page)
    for box in page.query_selector_all('#people input'):
        box.check()
    page.check('#photo')
    rows, columns = np.nonzero((with_people != nobody).any(-1))
    scale, left = 600 / 480, (900 - 800) / 2
    boxes = results[0].bbox * scale + [left, 0, left, 0]
    expected = [*boxes[:, :2].min(0), *boxes[:, 2:].max(0)]
    found = [columns.min(), rows.min(), columns.max() + 1, rows.max() + 1]
    np.testing.assert_allclose(found, expected, atol=2.5)


def test_the_left_arm_of_one_who_faces_us_is_on_the_right(page, start):
    down = picture(page)
    set_frame(page, 1)
    page.wait_for_timeout(200)
    up = picture(page)
    rows, columns = np.nonzero(np.abs(up - down).sum(-1) > 60)
    assert len(rows) > 500
    # Only the arm moved, and it is right of the middle; edges may flicker.
    assert np.quantile(columns, 0.02) > 450
    assert rows.min() < 60
    assert page.inner_text('#count') == '2 of 2'
    assert page.inner_text('#frame-name') == 'photo.jpg, frame 1'


def test_dragging_turns_the_people(page, start):
    before = picture(page)
    page.mouse.move(450, 300)
    page.mouse.down()
    page.mouse.move(600, 320, steps=3)
    page.mouse.up()
    assert ((picture(page) - before).any(-1)).mean() > 0.1
    page.mouse.wheel(0, 500)
    page.wait_for_timeout(200)
    page.click('[data-view=camera]')
    np.testing.assert_array_equal(picture(page), before)


def test_wireframe_lets_through_what_is_behind(page, start):
    page.click('[data-view=front]')
    solid = picture(page)
    page.check('#wireframe')
    wires = picture(page)
    page.uncheck('#wireframe')
    assert (wires != solid).any(-1).sum() > 500
    np.testing.assert_array_equal(picture(page), solid)


def test_a_lost_context_comes_back(page, start):
    before = picture(page)
    page.evaluate('renderer.forceContextLoss()')
    page.wait_for_timeout(100)
    page.evaluate('renderer.forceContextRestore()')
    page.wait_for_timeout(300)
    np.testing.assert_array_equal(picture(page), before)


def test_it_plays(page, start):
    page.click('#play')
    for count in ('2 of 2', '1 of 2'):
        page.locator('#count', has_text=count).wait_for(timeout=10_000)
    page.click('#play')


def test_numbers_are_those_of_the_people(page, start, results):
    rows = page.query_selector_all('#people tr')
    cells = [
        [c.inner_text() for c in r.query_selector_all('td')] for r in rows
    ]
    assert [row[0].strip() for row in cells] == ['#4', '#1']
    pelvis = results[0].joints[:, 0] + results[0].cam_t_full
    shown = [[float(x.replace('\u2212', '-')) for x in r[1:4]] for r in cells]
    np.testing.assert_allclose(shown, pelvis, atol=0.006)


def test_decoded_vertices_are_the_meshes(page, start, results, body):
    expected = pose_people(results[1], body).vertices.numpy()
    for person in range(2):
        vertices = page.evaluate(
            'i => [...decodeVertices(data.frames[1].people[i])]', person
        )
        vertices = np.reshape(vertices, (-1, 3))
        np.testing.assert_allclose(vertices, expected[person], atol=4e-5)
