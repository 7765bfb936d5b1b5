import xml.etree.ElementTree as ET

import numpy as np
import pytest

from mmbopr.visualization.charts import Series, line_chart


def parse(svg):
    root = ET.fromstring(svg)  # well-formed
    lines = [
        np.array([p.split(',') for p in line.get('points').split()], float)
        for line in root.iter('polyline')
    ]
    return root, lines


def ticks(root, anchor):
    return [
        (
            float(t.text.replace('k', 'e3')),
            float(t.get('y')),
            float(t.get('x')),
        )
        for t in root.iter('text')
        if t.get('class') == 'tick' and t.get('text-anchor') == anchor
    ]


def test_points_agree_with_the_ticks():
    root, (line,) = parse(
        line_chart([Series('a', [0, 5, 10], [0.0, 30.0, 20.0])], 'x', 'y')
    )
    values, y, _ = np.array(ticks(root, 'end')).T
    slope, start = np.polyfit(values, y - 3.5, 1)
    np.testing.assert_allclose(
        line[:, 1], start + slope * np.array([0, 30, 20]), atol=0.2
    )
    values, _, x = np.array(ticks(root, 'middle')).T
    slope, start = np.polyfit(values, x, 1)
    np.testing.assert_allclose(
        line[:, 0], start + slope * np.array([0, 5, 10]), atol=0.2
    )


def test_logarithmic_axis_spaces_decades_evenly():
    svg = line_chart(
        [Series('a', [1, 2, 3, 4], [1.0, 0.1, 0.01, 0.0])],
        'x',
        'y',
        log_y=True,
    )
    root, (line,) = parse(svg)
    assert len(line) == 3  # zero has no logarithm
    np.testing.assert_allclose(*np.diff(line[:, 1]), atol=0.2)
    assert [v for v, *_ in ticks(root, 'end')] == [0.01, 0.1, 1.0]


def test_many_decades_are_not_all_ticked():
    root, _ = parse(
        line_chart([Series('a', [1, 2], [1e-6, 1e5])], 'x', 'y', log_y=True)
    )
    assert [v for v, *_ in ticks(root, 'end')] == [1e-6, 1e-3, 1, 1000]


def test_epochs_are_whole_numbers():
    root, _ = parse(line_chart([Series('a', [1, 2], [3.0, 4.0])], 'x', 'y'))
    assert [v for v, *_ in ticks(root, 'middle')] == [1, 2]


def test_long_lines_are_thinned_by_means():
    y = np.tile([0.0, 2.0], 2000)
    _, (line,) = parse(line_chart([Series('a', np.arange(4000), y)], 'x', 'y'))
    assert len(line) == 400
    assert np.ptp(line[:, 1]) < 1e-6


def test_references_and_names_are_shown_escaped():
    svg = line_chart(
        [Series('a < b', [0, 1], [1.0, 2.0])], 'x', 'y', {'mean & body': 9.0}
    )
    root, _ = parse(svg)
    texts = [t.text for t in root.iter('text')]
    assert 'a < b' in texts and 'mean & body' in texts


def test_nothing_to_draw_is_an_error():
    with pytest.raises(ValueError, match=r"no point to draw among \['a'\]"):
        line_chart([Series('a', [0, 1], [np.nan, -1.0])], 'x', 'y', log_y=True)
