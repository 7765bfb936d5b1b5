"""The staged recipe: stages chain, mixtures and gates are the paper's."""

import re
from pathlib import Path

import pytest
import torch
from mmengine.config import Config
from mmengine.registry import init_default_scope

from mmbopr.registry import MODELS

CONFIGS = Path(__file__).parents[2] / 'configs'
STAGES = (
    '175k_coco-eft', '55k_mixed', '10k_mixed-3dpw', '20k_mixed-agora'
)  # fmt: skip
RECIPES = {
    'bopr/bopr_hrnet-w32': 4,
    'bopr/bopr_hrnet-w48': 4,
    'bopr/bopr_resnet50': 4,
    'bopr/bopr_vit-base': 4,
    'cliff/cliff_hrnet-w48': 4,
    'hmr/hmr_resnet50': 3,
    'pare/pare_hrnet-w32': 3,
    'pare/pare_hrnet-w48': 3,
}


def stages(recipe):
    paths = [
        CONFIGS / f'{recipe}_1xb64-{stage}-224x224.py'
        for stage in STAGES[: RECIPES[recipe]]
    ]
    return paths, [Config.fromfile(path) for path in paths]


@pytest.mark.parametrize('recipe', RECIPES)
def test_every_stage_starts_where_the_one_before_ends(recipe):
    paths, cfgs = stages(recipe)
    assert cfgs[0].load_from is None
    for path, before, cfg in zip(paths, cfgs, cfgs[1:], strict=False):
        iters = before.train_cfg.max_iters
        assert cfg.load_from == f'work_dirs/{path.stem}/iter_{iters}.pth'
        assert cfg.model.to_dict() == before.model.to_dict()
    # 240K steps in all before AGORA (section 4).
    assert sum(cfg.train_cfg.max_iters for cfg in cfgs[:3]) == 240000
    assert all(c.train_dataloader.batch_size == 64 for c in cfgs)
    assert all(c.optim_wrapper.optimizer.lr == 5e-5 for c in cfgs)


def test_mixtures_hold_what_they_say():
    _, cfgs = stages('bopr/bopr_hrnet-w32')
    for cfg in cfgs:
        loader = cfg.train_dataloader
        # Whole batches only, so that drop_last leaves the mixture exact.
        assert loader.sampler.epoch_size % loader.batch_size == 0
        assert sum(loader.sampler.ratios.values()) == pytest.approx(1)
        sources = loader.dataset.datasets
        names = [source.metainfo.dataset_name for source in sources]
        assert names == list(loader.sampler.ratios)
    mixed, pw3d, agora = (c.train_dataloader.sampler.ratios for c in cfgs[1:])
    # In the wild in proportion to 74K and 14K people.
    assert mixed.coco / mixed.mpii == pytest.approx(74 / 14, rel=0.01)
    assert pw3d.pw3d == 0.2 and 'pw3d' not in mixed
    assert agora.agora == 0.5
    for name, ratio in pw3d.items():
        assert agora[name] == pytest.approx(ratio / 2)


@pytest.mark.parametrize('recipe', RECIPES)
def test_every_stage_is_scored_as_its_benchmark(recipe):
    _, cfgs = stages(recipe)
    for stage, cfg in zip(STAGES, cfgs, strict=False):
        found = {
            (loader.dataset.type, loader.dataset.get('subset')): (
                evaluator.type,
                evaluator.protocol,
            )
            for loader, evaluator in (
                (cfg.val_dataloader, cfg.val_evaluator),
                (cfg.test_dataloader, cfg.test_evaluator),
            )
        }
        if stage == '20k_mixed-agora':
            assert found == {
                ('AGORAMeshDataset', None): ('HumanMeshMetric', 'agora_val')
            }
            continue
        assert found == {
            ('PW3DMeshDataset', 'validation'): ('HumanMeshMetric', 'pw3d_val'),
            ('PW3DMeshDataset', 'test'): ('HumanMeshMetric', 'pw3d_test'),
        }


def test_only_coco_supervises_part_maps():
    _, cfgs = stages('bopr/bopr_hrnet-w48')
    for cfg in cfgs:
        for source in cfg.train_dataloader.dataset.datasets:
            is_coco = source.type == 'CocoEFTMeshDataset'
            assert source.supervise_segmentation == is_coco


@pytest.mark.parametrize(
    'name',
    [
        'bopr_hrnet-w32',
        'bopr_hrnet-w48',
        'bopr_resnet50',
        'bopr_vit-base',
        'cliff_hrnet-w48',
        'cliff_resnet50',
        'hmr_resnet50',
    ],
)
def test_backbones_take_the_2d_pose_checkpoints(name, tmp_path):
    """Of the network that mmpose trains for 2D pose, with its head."""
    cfg = Config.fromfile(CONFIGS / f'_base_/models/{name}.py')
    init_default_scope('mmbopr')
    backbone = cfg.model.backbone
    init_cfg = backbone.pop('init_cfg')
    # Fewer layers, which are all alike: quicker.
    if 'vit' in name:
        backbone.depth = 2
    elif 'hrnet' in name:
        for stage in backbone.extra.values():
            stage.num_blocks = (1,) * stage.num_branches
    pose = backbone.to_dict()
    if 'hrnet' in name:
        pose['extra']['stage4']['multiscale_output'] = False
    elif 'vit' in name:
        pose['img_size'] = (192, 256)
    torch.manual_seed(1)
    weights = MODELS.build(pose).state_dict()
    path = str(tmp_path / Path(init_cfg.checkpoint).name)
    checkpoint = {f'backbone.{k}': v for k, v in weights.items()}
    checkpoint['head.final_layer.weight'] = torch.ones(1)
    torch.save({'state_dict': checkpoint}, path)

    torch.manual_seed(2)
    model = MODELS.build(
        {**backbone, 'init_cfg': {**init_cfg, 'checkpoint': path}}
    )
    model.init_weights()
    loaded = model.state_dict()
    if 'vit' in name:  # resized, from 12 x 16 to 14 x 14
        assert weights.pop('pos_embed').shape == (1, 192, 768)
    for key, value in weights.items():
        assert torch.equal(loaded[key], value), key
    if 'hrnet' in name:
        assert len(loaded) > len(weights)

    lost = next(iter(weights))
    del checkpoint[f'backbone.{lost}']
    torch.save({'state_dict': checkpoint}, path)
    model = MODELS.build(
        {**backbone, 'init_cfg': {**init_cfg, 'checkpoint': path}}
    )
    with pytest.raises(RuntimeError, match=re.escape(lost)):
        model.init_weights()
