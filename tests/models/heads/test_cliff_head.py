"""What CLIFF tells its regressor of the box."""

import torch

from mmbopr.models import CLIFFHead, HMRHead
from mmbopr.models.heads.cliff_head import bbox_info


def test_bbox_info_by_hand(crops):
    crops = crops._replace(
        bbox=torch.tensor([[800.0, 500, 300, 400], [640, 360, 240, 240]]),
        K=torch.tensor([[1000.0, 1000, 640, 360]] * 2),
    )
    expected = [
        [160 / 1000 * 2.8, 140 / 1000 * 2.8, (400 - 240) / 60],
        [0, 0, 0],
    ]
    torch.testing.assert_close(bbox_info(crops), torch.tensor(expected))


def test_bbox_info_does_not_depend_on_the_unit(crops):
    half = crops._replace(bbox=crops.bbox / 2, K=crops.K / 2)
    torch.testing.assert_close(bbox_info(half), bbox_info(crops))


def test_the_box_is_appended_to_the_feature(crops):
    torch.manual_seed(0)
    cliff = CLIFFHead(8, hidden_channels=16).eval()
    hmr = HMRHead(11, hidden_channels=16).eval()
    hmr.load_state_dict(cliff.state_dict())
    feat = torch.randn(2, 8)
    told = torch.cat([feat, bbox_info(crops)], 1)
    for a, b in zip(
        cliff((feat,), crops)[:3], hmr((told,), crops)[:3], strict=True
    ):
        torch.testing.assert_close(a, b)


def test_equal_pixels_at_another_place_give_another_pose(crops):
    head = CLIFFHead(8).eval()
    feat = torch.randn(1, 8).expand(2, -1)
    rotmat = head((feat,), crops).pose_rotmat
    assert not torch.equal(rotmat[0], rotmat[1])
