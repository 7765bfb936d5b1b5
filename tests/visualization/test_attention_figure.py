import numpy as np
import pytest
import torch
from mmengine.structures import InstanceData, PixelData

from mmbopr.structures import PART_NAMES
from mmbopr.visualization.attention_figure import attention_figure
from mmbopr.visualization.colors import part_colors

IMAGE = np.full((120, 160, 3), 90, np.uint8)
MAPS = torch.zeros(24, 4, 4)
MAPS[:, 0, 0] = 0.75  # all attention in the upper left
MAPS[:, 3, 3] = 0.25


@pytest.fixture
def sample(sample):
    sample.pred_fields = PixelData(
        part_attention=MAPS.clone(), body_attention=MAPS[:1].clone()
    )
    return sample


def titles(band):
    return [axes.get_title() for axes in band.axes]


def shown(axes):
    return axes.images[0].get_array()


def test_everything_of_figure_4(sample, body):
    other = sample.clone()
    other.pred_instances = InstanceData(**sample.pred_instances)
    other.pred_instances.vertices = sample.pred_instances.vertices * 0.5
    figure = attention_figure(
        IMAGE, sample, body.faces, other, title='person', size=96
    )
    above, below = figure.subfigs
    assert figure.get_suptitle() == 'person'
    assert titles(above) == [
        'Input', 'Body attention', 'Part attention', 'Mesh',
        'Mesh without body reference',
    ]  # fmt: skip
    pictures = [shown(axes) for axes in above.axes]
    assert {p.shape for p in pictures} == {(96, 96, 3)}
    background, _, _, mesh, smaller = pictures
    areas = [(p != background).any(-1).sum() for p in (mesh, smaller)]
    assert areas[1] == pytest.approx(areas[0] / 4, rel=0.15)
    assert titles(below) == [
        f'{name.replace("_", " ")}, 75.0%' for name in PART_NAMES
    ]


def test_parts_are_framed_in_their_colours_and_lie_where_they_look(
    sample, body
):
    sample.pred_fields.part_attention[5] = MAPS[5].flip(0, 1)
    figure = attention_figure(IMAGE, sample, body.faces, size=96)
    axes = figure.subfigs[1].axes
    for one, color in zip(axes, part_colors() / 255, strict=True):
        frame = one.spines['left'].get_edgecolor()[:3]
        np.testing.assert_allclose(frame, color)
    corners = [shown(axes[k])[c, c].max() for k in (4, 5) for c in (3, 92)]
    assert corners[0] > corners[1] and corners[3] > corners[2]


def test_what_a_model_lacks_is_left_out(sample, body):
    del sample.pred_fields.body_attention
    figure = attention_figure(IMAGE, sample, body.faces, size=64)
    above, _ = figure.subfigs
    assert titles(above) == ['Input', 'Part attention', 'Mesh']


def test_without_parts_there_is_no_grid(sample, body):
    del sample.pred_fields.part_attention
    figure = attention_figure(IMAGE, sample, body.faces, size=64)
    (above,) = figure.subfigs
    assert titles(above) == ['Input', 'Body attention', 'Mesh']
