import numpy as np
import pytest

from mmbopr.testing.results import make_result
from mmbopr.visualization.posed_people import statures
from mmbopr.webapp.tables import (
    JOINT_HEADERS,
    PEOPLE_HEADERS,
    joint_rows,
    people_rows,
    shape_table,
)


def test_people(model):
    result = make_result(2, seed=3, track_id=[7, 2])
    rows = people_rows(result, model.body_model)
    assert [row[0] for row in rows] == ['#7', '#2']
    numbers = np.array([row[1:] for row in rows])
    expected = np.column_stack(
        [
            result.bbox,
            result.bbox_score,
            result.cam_t_full,
            statures(result.betas, model.body_model),
        ]
    )
    np.testing.assert_allclose(numbers, expected, atol=0.051)
    np.testing.assert_allclose(numbers[:, 5:8], expected[:, 5:8], atol=6e-4)
    assert {len(row) for row in rows} == {len(PEOPLE_HEADERS)}


def test_joints():
    result = make_result(2, seed=3)
    rows = joint_rows(result)
    assert len(rows) == 90 and {len(r) for r in rows} == {len(JOINT_HEADERS)}
    name, joint, x, y, z, u, v = rows[45 + 15]
    assert (name, joint) == ('No. 1', 'head')
    place = result.joints[1, 15] + result.cam_t_full[1]
    assert [x, y, z] == pytest.approx(place, abs=6e-4)
    # K of make_result.
    assert u == pytest.approx(800 * place[0] / place[2] + 320, abs=0.06)
    assert v == pytest.approx(800 * place[1] / place[2] + 240, abs=0.06)


def test_shapes():
    result = make_result(2, seed=3)
    table = shape_table(result)
    assert table['headers'][::10] == ['Person', 'betas 9']
    shapes = [row[1:] for row in table['data']]
    np.testing.assert_allclose(shapes, result.betas, atol=6e-4)
