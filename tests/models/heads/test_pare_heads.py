"""PARE's regressors written out, and their variant with a transformer."""

import pytest
import torch

from mmbopr.models import BARHead, PAREHead, PARETransformerHead
from mmbopr.structures.predictions import PAREFeatures
from mmbopr.utils.rotation import rot6d_to_matrix


@pytest.fixture
def part_features(features):
    return PAREFeatures(features.part_query_feats, features.part_logits)


def test_every_part_has_a_pose_regressor_of_its_own(part_features, crops):
    torch.manual_seed(0)
    head = PAREHead()
    torch.nn.init.normal_(head.pose.weight, std=0.1)
    out = head(part_features, crops)
    for part in range(24):
        feat = part_features.part_query_feats[1, part]
        rot6d = feat @ head.pose.weight[part] + head.pose.bias[part]
        torch.testing.assert_close(
            out.pose_rotmat[1, part], rot6d_to_matrix(rot6d)
        )


def test_shape_and_camera_read_all_parts_in_order(part_features, crops):
    head = PAREHead(cam_shape_channels=3)
    out = head(part_features, crops)
    narrow = [
        head.cam_shape_projection(part_features.part_query_feats[:, part])
        for part in range(24)
    ]
    narrow = torch.cat(narrow, 1)
    torch.testing.assert_close(out.betas, head.betas(narrow))
    torch.testing.assert_close(out.cam, head.cam(narrow))


def test_a_pose_does_not_see_other_parts(part_features, crops):
    head = PAREHead()
    before = head(part_features, crops).pose_rotmat
    part_features.part_query_feats[:, 3] += 1
    changed = (head(part_features, crops).pose_rotmat != before).any(-1)
    changed = changed.any(-1).any(0)
    assert changed[3] and changed.sum() == 1


def test_with_a_transformer_it_does(part_features, crops):
    head = PARETransformerHead()
    before = head(part_features, crops).pose_rotmat
    part_features.part_query_feats[:, 3] += 1
    moved = (head(part_features, crops).pose_rotmat - before).abs()
    assert (moved.amax((0, 2, 3)) > 0).all()


def test_the_transformer_variant_is_bar_without_reference_and_depth():
    ours = dict(PARETransformerHead().named_parameters())
    theirs = {
        name: parameter
        for name, parameter in BARHead(body_channels=0).named_parameters()
        if not name.startswith(('body_aware_transformer', 'rel_depth'))
    }
    assert {k: v.shape for k, v in ours.items()} == {
        k: v.shape for k, v in theirs.items()
    }
    assert len(PARETransformerHead().regression_transformer) == 1
    assert (
        len(PARETransformerHead(regression_layers=3).regression_transformer)
        == 3
    )
