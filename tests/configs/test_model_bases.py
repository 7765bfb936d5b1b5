"""The baselines' model bases: built on the open body, stepped, asked."""

import pytest
import torch
from mmengine.config import Config
from mmengine.optim import OptimWrapper
from mmengine.registry import init_default_scope

from mmbopr.engine.config_check import check_config
from mmbopr.engine.dry_batch import make_data_samples, make_labels
from mmbopr.models import FullImageCamera
from mmbopr.registry import MODELS

SIDE = 64  # px: a map of 16 x 16 instead of 56 x 56
BODY_TERMS = {
    'loss_keypoints_2d', 'loss_keypoints_3d', 'loss_pose', 'loss_betas',
    'loss_camera',
}  # fmt: skip
# What supervises each, and millions of parameters: PARE's own count; ResNet-50
# and HRNet-W48-C without their classifiers, with SPIN's regressor.
BASES = {
    'pare_hrnet-w32': (BODY_TERMS | {'loss_part_seg'}, 32.861),
    'pare_hrnet-w48': (BODY_TERMS | {'loss_part_seg'}, 72.061),
    'pare-tf_hrnet-w32': (BODY_TERMS | {'loss_part_seg'}, 33.090),
    'hmr_resnet50': (BODY_TERMS, 23.508 + 3.469),
    'cliff_resnet50': (BODY_TERMS, 23.508 + 3.473),
    'cliff_hrnet-w48': (BODY_TERMS, 77.470 - 2.049 + 3.473),
}


@pytest.fixture(params=BASES)
def named_model(request, pytestconfig):
    name = request.param
    folder = pytestconfig.rootpath / 'configs/_base_/models'
    cfg = Config.fromfile(folder / f'{name}.py')
    cfg.default_scope = 'mmbopr'
    init_default_scope(cfg.default_scope)
    check_config(cfg)
    assert cfg.model.body_model.model_path == 'data/body_models/smpl'
    cfg.model.body_model.model_path = 'open'
    assert cfg.model.target_builder.map_size == 56
    cfg.model.target_builder.map_size = SIDE // 4
    torch.manual_seed(0)
    return name, MODELS.build(cfg.model)


def test_every_baseline_is_tested(pytestconfig):
    folder = pytestconfig.rootpath / 'configs/_base_/models'
    names = {path.stem for path in folder.glob('*.py')}
    assert {name for name in names if 'bopr' not in name} == set(BASES)


@pytest.mark.parametrize('name', BASES)
def test_baselines_weigh_terms_as_bopr(name, pytestconfig):
    folder = pytestconfig.rootpath / 'configs/_base_/models'
    ours, theirs = (
        Config.fromfile(folder / f'{x}.py').model
        for x in ('bopr_hrnet-w32', name)
    )
    for part in ('neck', 'head'):
        for term in (x for x in theirs[part] if x.startswith('loss_')):
            assert theirs[part][term] == ours[part][term], term


def test_a_base_learns_and_predicts(named_model):
    name, model = named_model
    terms, millions = BASES[name]
    count = sum(p.numel() for p in model.parameters())
    assert count / 1e6 == pytest.approx(millions, rel=1e-3)
    assert isinstance(model.camera, FullImageCamera) == ('cliff' in name)
    body = model.body_model
    generator = torch.Generator().manual_seed(0)
    images = torch.randint(256, (2, 3, SIDE, SIDE), generator=generator)
    batch = dict(
        inputs=list(images.to(torch.uint8)),
        data_samples=make_data_samples(
            make_labels(body, 2), body.body_model_id
        ),
    )
    before = {k: v.detach().clone() for k, v in model.named_parameters()}
    wrapper = OptimWrapper(torch.optim.Adam(model.parameters(), lr=1e-4))

    model.train()
    logs = model.train_step(batch, wrapper)
    assert {key for key in logs if key.startswith('loss_')} == terms
    assert 0 < logs['loss'] < 1e5
    for key, value in model.named_parameters():  # as distributed runs need
        assert not torch.equal(value, before[key]), key

    model.eval()
    pred = model.test_step(batch)[1].pred_instances
    assert pred.vertices.shape == (1, body.num_vertices, 3)
    assert 'rel_depth' not in pred
    assert all(torch.isfinite(x).all() for x in pred.values())
