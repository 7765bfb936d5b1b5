import numpy as np
import torch
from mmengine.structures import PixelData
from mmpose.structures import PoseDataSample

from mmbopr.visualization import AttentionMaps, gather_attention
from mmbopr.visualization.attention_maps import (
    draw_all_body_attention,
    draw_all_part_attention,
)

IMAGE = np.full((100, 200, 3), 90, np.uint8)


def spot(row, column, count=1):
    """(count, 10, 10) with one bright cell each."""
    maps = torch.zeros(count, 10, 10)
    maps[:, row, column] = 0.01
    return maps


def colored(picture):
    """Where a picture is not grey: rows and columns."""
    return np.nonzero(np.ptp(picture.astype(int), axis=-1) > 60)


def test_a_cell_lights_up_where_its_crop_lies():
    # Crops of 100 and 50 pixels: a cell is 10 and 5 pixels wide.
    crop = torch.tensor([[50.0, 50, 100, 100], [150.0, 50, 50, 50]])
    body = torch.stack([spot(2, 7), spot(9, 0)])
    rows, columns = colored(
        draw_all_body_attention(IMAGE, AttentionMaps(crop, body=body))
    )
    left = columns < 100
    assert abs(rows[left].mean() + 0.5 - 25) < 1
    assert abs(columns[left].mean() + 0.5 - 75) < 1
    # The corner cell's light is cut off at the crop's edge, halves outside.
    assert abs(rows[~left].mean() + 0.5 - 72.5) < 2
    assert abs(columns[~left].mean() + 0.5 - 127.5) < 2


def test_parts_of_all_people_are_drawn():
    crop = torch.tensor([[50.0, 50, 100, 100], [150.0, 50, 100, 100]])
    part = torch.stack([spot(5, 5, 24), spot(5, 5, 24) * 7])
    picture = draw_all_part_attention(IMAGE, AttentionMaps(crop, part))
    # Each person's maps are scaled to their own maximum.
    np.testing.assert_array_equal(picture[:, 10:90], picture[:, 110:190])
    assert len(np.unique(picture[55, 10:90])) > 3


def test_maps_are_gathered_from_samples():
    samples = []
    for shift in (0, 100):
        sample = PoseDataSample(
            metainfo=dict(
                bbox_center=np.array([50.0 + shift, 40]),
                bbox_scale=np.array([80.0, 90]),
            )
        )
        sample.pred_fields = PixelData(part_attention=spot(1, 2, 24))
        samples.append(sample)
    maps = gather_attention(samples)
    expected = torch.tensor([[50.0, 40, 80, 90], [150.0, 40, 80, 90]])
    torch.testing.assert_close(maps.crop, expected)
    assert maps.part.shape == (2, 24, 10, 10) and maps.body is None
