"""Loss values by hand, and rows without labels."""

import pytest
import torch

from mmbopr.models.losses import (
    BetasLoss,
    BodySegmentationLoss,
    CameraLoss,
    Keypoints2DLoss,
    Keypoints3DLoss,
    PartSegmentationLoss,
    PoseLoss,
    RelativeDepthLoss,
)

NAN = float('nan')


def rows(*values):
    return torch.tensor(values, dtype=torch.bool)


def test_keypoints_2d_is_the_confidence_weighted_mean():
    pred = torch.zeros(1, 2, 2)
    target = torch.tensor([[[1.0, 2.0, 0.5], [9.0, 9.0, 0.0]]])
    # Half the squared distance 5, over one row of two joints.
    assert Keypoints2DLoss()(pred, target).item() == pytest.approx(0.625)
    assert Keypoints2DLoss(4.0)(pred, target).item() == pytest.approx(2.5)


def test_keypoints_3d_ignores_the_origin_of_either_side():
    generator = torch.manual_seed(0)
    joints = torch.randn(2, 24, 3, generator=generator)
    target = torch.cat([joints + 5, torch.ones(2, 24, 1)], -1)
    loss = Keypoints3DLoss()
    valid = rows(True, True)
    assert loss(joints - 3, target, valid).item() == pytest.approx(0, abs=1e-9)
    moved = joints.clone()
    moved[1, 10, 0] += 0.6
    expected = 0.36 / (2 * 24 * 3)
    assert loss(moved, target, valid).item() == pytest.approx(
        expected, rel=1e-4
    )
    target[1, 10, 3] = 0
    assert loss(moved, target, valid).item() == pytest.approx(0, abs=1e-9)


@pytest.mark.parametrize(
    ('loss', 'shape'),
    [
        (PoseLoss(2.0), (24, 3, 3)),
        (BetasLoss(2.0), (10,)),
        (RelativeDepthLoss(2.0), (24, 3)),
    ],
)
def test_row_losses_average_over_labelled_rows(loss, shape):
    pred = torch.zeros(3, *shape)
    target = torch.stack(
        [
            torch.full(shape, 1.0),
            torch.full(shape, NAN),
            torch.full(shape, 3.0),
        ]
    )
    assert loss(pred, target, rows(True, False, True)).item() == 10.0


@pytest.mark.parametrize(
    ('loss', 'pred', 'target'),
    [
        (PoseLoss(), torch.zeros(2, 24, 3, 3), torch.full((2, 24, 3, 3), NAN)),
        (Keypoints3DLoss(), torch.ones(2, 24, 3), torch.full((2, 24, 4), NAN)),
        (
            PartSegmentationLoss(),
            torch.randn(2, 25, 4, 4),
            torch.zeros(2, 4, 4, dtype=torch.long),
        ),
        (
            BodySegmentationLoss(),
            torch.randn(2, 1, 4, 4),
            torch.zeros(2, 4, 4, dtype=torch.bool),
        ),
    ],
    ids=lambda x: type(x).__name__,
)
def test_a_batch_without_labels_gives_a_zero_with_a_graph(loss, pred, target):
    pred = pred.clone().requires_grad_()
    value = loss(pred, target, rows(False, False))
    value.backward()
    assert value.item() == 0
    assert torch.equal(pred.grad, torch.zeros_like(pred))


def test_unlabelled_rows_leave_the_gradient_of_others_alone():
    pred = torch.zeros(2, 10, requires_grad=True)
    target = torch.stack([torch.ones(10), torch.full((10,), NAN)])
    BetasLoss()(pred, target, rows(True, False)).backward()
    torch.testing.assert_close(pred.grad[0], torch.full((10,), -0.2))
    assert torch.equal(pred.grad[1], torch.zeros(10))


def test_segmentation_losses_by_hand():
    logits = torch.zeros(1, 25, 2, 2)
    target = torch.tensor([[[0, 3], [24, 1]]])
    value = PartSegmentationLoss()(logits, target, rows(True))
    assert value.item() == pytest.approx(torch.tensor(25.0).log().item())
    logits = torch.tensor([[[[0.0, 2.0]]]])
    value = BodySegmentationLoss()(
        logits, rows(True, False)[None, None], rows(True)
    )
    expected = (
        torch.tensor(2.0).log() + (1 + torch.tensor(2.0).exp()).log()
    ) / 2
    assert value.item() == pytest.approx(expected.item())


def test_camera_loss_punishes_negative_scales():
    cam = torch.tensor([[0.1, 5, 5], [-0.1, 0, 0]])
    expected = (torch.tensor(-2.0).exp() + torch.tensor(2.0).exp()) / 2
    assert CameraLoss()(cam).item() == pytest.approx(expected.item())
