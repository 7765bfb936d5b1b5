import base64
import re

import cv2
import numpy as np

from mmbopr.structures import LSP_14_GROUPS
from mmbopr.visualization.report import (
    Person,
    gallery,
    metric_cards,
    metric_tables,
    protocol_note,
    render_page,
)

KEYS = ['MPJPE', 'PA-MPJPE', 'PVE', 'MPJPE_x', 'MPJPE_y', 'MPJPE_z']
KEYS += [f'MPJPE_{part}' for part in LSP_14_GROUPS]
MODEL = {key: 50.0 + i for i, key in enumerate(KEYS)}
BASELINE = {key: 100.0 for key in KEYS}


def test_cards_compare_with_the_baseline():
    cards = metric_cards(MODEL, BASELINE)
    assert '50.0 <small>mm' in cards
    assert '50% lower than the mean body (100.0 mm)' in cards
    worse = metric_cards({**MODEL, 'PVE': 120.0}, BASELINE)
    assert '20% higher than the mean body' in worse


def test_best_of_each_column_is_bold():
    table = metric_tables({'mean': {**BASELINE, 'MPJPE_z': 1.0}, 'net': MODEL})
    assert '<td class=best>1.0</td>' in table  # the mean body's z
    assert table.count('class=best') == len(KEYS)


def test_open_body_is_said_not_to_compare():
    note = protocol_note(dict(body_model_id='open-1', count=7))
    assert 'not comparable with published numbers' in note
    assert '<dt>count</dt><dd>7</dd>' in note
    assert 'comparable' not in protocol_note(dict(body_model_id='smpl'))


def test_gallery_carries_its_pictures():
    picture = np.zeros((16, 24, 3), np.uint8)
    picture[..., 0] = 200
    html = gallery([Person('best', 'a <b>', {'Input': picture})])
    assert 'a &lt;b&gt;' in html
    data = re.search('base64,([^"]+)"', html).group(1)
    decoded = cv2.imdecode(
        np.frombuffer(base64.b64decode(data), np.uint8), cv2.IMREAD_COLOR
    )
    np.testing.assert_allclose(decoded[..., ::-1], picture, atol=4)


def test_page_escapes_and_closes():
    page = render_page('a < b', 'c & d', ['<p>one</p>', '<p>two</p>'])
    assert '<h1>a &lt; b</h1>' in page and 'c &amp; d' in page
    assert page.startswith('<!DOCTYPE html>')
    assert page.rstrip().endswith('</html>')
    assert 'http' not in page
