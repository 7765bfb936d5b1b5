"""The whole model: losses, predictions, overfitting, checkpoints."""

import numpy as np
import pytest
import torch
from mmengine.config import Config
from mmengine.registry import init_default_scope
from mmengine.runner import load_checkpoint, save_checkpoint

from mmbopr.body_models import BodyMismatchError
from mmbopr.registry import MODELS
from mmbopr.structures.predictions import MeshPrediction, MissingFeatureError
from mmbopr.testing.fake_smpl import write_fake_smpl
from mmbopr.utils.camera import perspective_project
from mmbopr.utils.rotation import axis_angle_to_matrix

TERMS = {
    'loss_aux_keypoints_2d', 'loss_aux_keypoints_3d', 'loss_body_seg',
    'loss_part_seg', 'loss_keypoints_2d', 'loss_keypoints_3d', 'loss_pose',
    'loss_betas', 'loss_rel_depth', 'loss_camera',
}  # fmt: skip


def images(size=64, n=4):
    return torch.randn(n, 3, size, size, generator=torch.manual_seed(0))


def test_every_term_is_there_and_every_parameter_gets_a_gradient(
    model, samples
):
    losses = model(images(), samples, mode='loss')
    assert set(losses) == TERMS
    assert all(torch.isfinite(x) and x >= 0 for x in losses.values())
    sum(losses.values()).backward()
    for name, parameter in model.named_parameters():
        assert parameter.grad.abs().sum() > 0, name


def test_the_order_in_memory_changes_speed_only(model, config, samples):
    config.model.channels_last = True
    other = MODELS.build(config.model)
    other.load_state_dict(model.state_dict())
    order = dict(memory_format=torch.channels_last)
    for ordered, estimator in ((False, model), (True, other)):
        weight = estimator.backbone.layer1[0].conv1.weight
        assert weight.is_contiguous(**order) == ordered
        for x in estimator.eval().backbone(images()):
            assert x.is_contiguous(**order) == ordered
    ours = other(images(), samples, mode='loss')
    for key, theirs in model(images(), samples, mode='loss').items():
        torch.testing.assert_close(ours[key], theirs, rtol=1e-4, atol=1e-5)


def test_a_term_left_out_of_the_config_is_left_out(config, samples):
    init_default_scope('mmbopr')
    config.model.head.loss_rel_depth = None
    config.model.neck.loss_body_seg = None
    losses = MODELS.build(config.model)(images(), samples, mode='loss')
    assert set(losses) == TERMS - {'loss_rel_depth', 'loss_body_seg'}


def test_rel_depth_may_supervise_the_mesh(config, samples):
    """The term is zero for the true mesh, and does not need the regressor."""
    init_default_scope('mmbopr')
    config.model.head.loss_rel_depth = None
    config.model.head.loss_mesh_rel_depth = dict(type='RelativeDepthLoss')
    model = MODELS.build(config.model)
    losses = model(images(), samples, mode='loss')
    assert set(losses) == TERMS - {'loss_rel_depth'} | {'loss_mesh_rel_depth'}
    assert losses['loss_mesh_rel_depth'] > 1e-4
    losses['loss_mesh_rel_depth'].backward()
    assert model.head.pose.weight.grad.abs().sum() > 0
    assert model.head.rel_depth.weight.grad is None

    labels = [sample.gt_instance_labels for sample in samples]
    model.head.forward = lambda features, crops: MeshPrediction(
        pose_rotmat=axis_angle_to_matrix(
            torch.cat([x.smpl_pose for x in labels])
        ),
        betas=torch.cat([x.betas for x in labels]),
        cam=torch.tensor([[0.9, 0, 0.2]] * 4),
    )
    losses = model(images(), samples, mode='loss')
    for term in ('mesh_rel_depth', 'pose', 'betas', 'keypoints_3d'):
        assert losses[f'loss_{term}'].item() == pytest.approx(0, abs=1e-8)
    assert losses['loss_keypoints_2d'].item() < 1e-6


def test_doubling_lambda_doubles_the_term(config, samples):
    init_default_scope('mmbopr')
    values = []
    for weight in (300.0, 600.0):
        config.model.head.loss_rel_depth.loss_weight = weight
        torch.manual_seed(0)
        model = MODELS.build(config.model)
        losses = model(images(), samples, mode='loss')
        values.append(losses['loss_rel_depth'].item())
    assert values[1] == pytest.approx(2 * values[0], rel=1e-5)


def test_a_batch_without_any_label_gives_finite_zeros(model, samples):
    for sample in samples:
        for key in sample.gt_instance_labels.keys():
            if key.startswith('has_'):
                sample.gt_instance_labels[key][:] = False
    losses = model(images(), samples, mode='loss')
    for name in TERMS - {'loss_camera'}:
        assert losses[name].item() == 0, name
    sum(losses.values()).backward()


def test_overfits_four_people(model, samples):
    torch.manual_seed(0)
    optimizer = torch.optim.Adam(model.parameters(), lr=3e-4)
    totals = []
    for _ in range(220):
        total = sum(model(images(), samples, mode='loss').values())
        optimizer.zero_grad()
        total.backward()
        optimizer.step()
        totals.append(total.item())
    assert totals[-1] < totals[0] / 10


def test_predictions_are_consistent(model, samples):
    model.eval()
    out = model(images(), samples, mode='predict')
    pred = out[1].pred_instances
    body = model.body_model.neutral
    posed = body(
        betas=pred.betas,
        body_pose=pred.pose_rotmat[:, 1:],
        global_orient=pred.pose_rotmat[:, :1],
        pose2rot=False,
    )
    torch.testing.assert_close(pred.vertices, posed.vertices)
    torch.testing.assert_close(
        pred.joints_h36m, body.joint_set(posed, 'h36m_17')
    )
    assert pred.vertices.shape == (1, 6700, 3)
    # The full-image camera puts the pelvis where the crop camera does.
    pixel = perspective_project(
        (pred.joints[:, :1] * 0 + pred.cam_transl_full[:, None]), pred.K_full
    )[0, 0]
    expected = (
        torch.tensor([200.0, 150]) + pred.cam[0, 1:] * pred.cam[0, 0] * 125
    )
    np.testing.assert_allclose(pixel, expected, atol=0.5)


def test_attention_is_attached_on_request(model, samples):
    model.eval()
    assert 'pred_fields' not in model(images(), samples, mode='predict')[0]
    model.test_cfg['output_attention'] = True
    fields = model(images(), samples, mode='predict')[0].pred_fields
    torch.testing.assert_close(
        fields.part_attention.sum((1, 2)), torch.ones(24)
    )
    assert fields.body_attention.shape == (1, 16, 16)


def test_part_attention_is_attached_without_a_body_map(config, samples):
    init_default_scope('mmbopr')
    neck = config.model.neck
    config.model.neck = dict(
        type='PARENeck', in_channels=neck.in_channels, fusion=neck.fusion
    )
    config.model.head = dict(type='PAREHead')
    config.model.test_cfg = dict(output_attention=True)
    model = MODELS.build(config.model)
    model.eval()
    sample = model(images(), samples, mode='predict')[0]
    assert list(sample.pred_fields.keys()) == ['part_attention']
    torch.testing.assert_close(
        sample.pred_fields.part_attention.sum((1, 2)), torch.ones(24)
    )
    assert 'rel_depth' not in sample.pred_instances


def test_attention_of_a_network_without_any_is_refused(config, samples):
    init_default_scope('mmbopr')
    config.model.neck = dict(type='mmpose.GlobalAveragePooling')
    config.model.head = dict(type='HMRHead', in_channels=64)
    config.model.test_cfg = dict(output_attention=True)
    model = MODELS.build(config.model)
    model.eval()
    with pytest.raises(MissingFeatureError, match='unset test_cfg'):
        model(images(), samples, mode='predict')


def test_a_sample_of_another_body_is_refused(model, samples):
    samples[2].set_metainfo({'body_model_id': 'smpl'})
    with pytest.raises(BodyMismatchError, match=r"2\.jpg .*'smpl'.*'open-1'"):
        model(images(), samples, mode='loss')


def test_checkpoints_hold_no_body_data_but_its_name(model, tmp_path):
    keys = [k for k in model.state_dict() if k.startswith('body_model')]
    assert keys == ['body_model.neutral._extra_state']
    path = str(tmp_path / 'model.pth')
    save_checkpoint({'state_dict': model.state_dict()}, path)
    load_checkpoint(model, path, strict=True)
    checkpoint = torch.load(path, weights_only=True)
    other = torch.tensor(list(b'smpl'), dtype=torch.uint8)
    checkpoint['state_dict'][keys[0]] = other
    torch.save(checkpoint, path)
    with pytest.raises((ValueError, RuntimeError), match='smpl'):
        load_checkpoint(model, path, strict=True)


@pytest.mark.parametrize(
    ('width', 'neck', 'millions'),
    [
        (32, 'AttentionGuidedEncoder', 33.334),
        (32, 'TowerAttentionGuidedEncoder', 34.939),
        (48, 'AttentionGuidedEncoder', 72.590),
        (48, 'TowerAttentionGuidedEncoder', 74.692),
    ],
)
def test_size_with_hrnet(pytestconfig, width, neck, millions):
    init_default_scope('mmbopr')
    (path,) = (pytestconfig.rootpath / 'configs/open').glob('*w32*.py')
    cfg = Config.fromfile(path)
    channels = [width * 2**i for i in range(4)]
    for stage in (2, 3, 4):
        cfg.model.backbone.extra[f'stage{stage}'].num_channels = tuple(
            channels[:stage]
        )
    cfg.model.neck.type = neck
    cfg.model.neck.in_channels = sum(channels)
    cfg.model.neck.fusion.in_channels = channels
    model = MODELS.build(cfg.model)
    count = sum(p.numel() for p in model.parameters())
    assert count / 1e6 == pytest.approx(millions, rel=0.01)
    model.eval()
    out = model.extract_feat(torch.zeros(1, 3, 224, 224))
    assert out.part_logits.shape == (1, 25, 56, 56)
    assert out.body_ref_feat.shape == (1, 128)


def test_prediction_works_without_spins_regressors(config, samples, tmp_path):
    init_default_scope('mmbopr')
    write_fake_smpl(tmp_path / 'smpl', regressors=False)
    config.model.body_model.model_path = str(tmp_path / 'smpl')
    model = MODELS.build(config.model)
    model.eval()
    pred = model(images(), samples, mode='predict')[0].pred_instances
    assert pred.vertices.shape == (1, 6890, 3)
    assert 'joints_h36m' not in pred
