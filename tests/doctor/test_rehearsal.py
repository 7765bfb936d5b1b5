"""Configs without files: what is made up, and what is found to be wrong."""

from pathlib import Path

import pytest
from mmengine.config import Config

from mmbopr.doctor.made_up_files import with_made_up_files
from mmbopr.doctor.rehearsal import rehearse
from mmbopr.registry import DATASETS
from mmbopr.testing.tiny_config import TINY_BASE, tiny_options

CONFIGS = Path(__file__).parents[2] / 'configs'
OFFICIAL = [
    'AGORA', 'BEDLAM', 'CocoEFT', 'Human36m', 'LSPETEFT', 'MPIIEFT',
    'MPIINF3DHP', 'OH50K3D', 'PW3D',
]  # fmt: skip


@pytest.fixture(scope='module')
def folder(tmp_path_factory):
    """Where all share the people."""
    return tmp_path_factory.mktemp('people')


@pytest.fixture
def tiny():
    """The tiny config; its data are nowhere."""
    cfg = Config.fromfile(CONFIGS / TINY_BASE)
    cfg.merge_from_dict(tiny_options('nowhere'))
    return cfg


@pytest.mark.parametrize('name', OFFICIAL)
def test_every_subset_of_an_official_data_set_fills_a_batch(folder, name):
    kind = f'mmbopr.{name}MeshDataset'
    for subset in DATASETS.get(kind).SUBSETS:
        dataset = dict(
            type=kind, ann_file='lost.npz', subset=subset, pipeline=[]
        )
        loader = dict(dataset=dataset, batch_size=64)
        cfg = Config(dict(train_dataloader=loader, test_dataloader=loader))
        moved = with_made_up_files(cfg, folder)
        assert len(DATASETS.build(moved.train_dataloader.dataset)) >= 2
        tested = DATASETS.build(moved.test_dataloader.dataset)
        assert len(tested) == 2 and Path(tested[1]['img_path']).is_file()


def test_only_files_and_sizes_are_replaced(folder):
    name = 'bopr/bopr_hrnet-w32_1xb64-10k_mixed-3dpw-224x224.py'
    cfg = Config.fromfile(CONFIGS / name)
    before = cfg.to_dict()
    moved = with_made_up_files(cfg, folder)
    assert cfg.to_dict() == before and moved.filename == cfg.filename
    assert cfg.load_from and moved.load_from is None
    assert moved.visualizer.model_path == 'open'
    assert moved.model.pop('body_model').model_path == 'open'
    cfg.model.pop('body_model')
    for key in ('model', 'optim_wrapper', 'custom_hooks', 'train_cfg'):
        assert moved[key] == cfg[key]
    assert moved.train_dataloader.sampler == cfg.train_dataloader.sampler
    assert moved.train_dataloader.num_workers == 0
    assert moved.test_evaluator.acknowledged_count == 2
    sources = moved.train_dataloader.dataset.datasets
    assert [x.ann_file for x in sources] == [
        '3dpw.npz', 'h36m.npz', 'mpi_inf_3dhp.npz', 'coco_eft.npz',
        'mpii_eft.npz',
    ]  # fmt: skip


def test_all_steps_of_a_good_config(tiny, folder):
    tiny.test_evaluator.protocol = 'pw3d_test'  # expects 35,515 people
    tiny.val_evaluator.dump_path = str(folder / 'written' / 'dump.npz')
    findings = rehearse(tiny, folder)
    assert all(x.good for x in findings), findings[-1].remedy
    told = {x.what: x.details for x in findings}
    assert list(told) == [
        'model, hooks, visualizer',
        'train_dataloader, train_cfg',
        'optim_wrapper, param_scheduler',
        'training step',
        'val_dataloader, val_evaluator',
        'test_dataloader, test_evaluator',
        'test',
    ]
    assert told['train_dataloader, train_cfg'] == '60 samples an epoch'
    assert told['training step'].startswith('loss ')
    assert told['test'] == '15 figures'
    assert not (folder / 'written').exists()


def test_a_config_of_a_test_alone(tiny, folder):
    for key in ('train_cfg', 'train_dataloader', 'optim_wrapper'):
        tiny[key] = None
    tiny.param_scheduler = None
    for key in ('val_cfg', 'val_dataloader', 'val_evaluator'):
        tiny[key] = None
    assert [x.what for x in rehearse(tiny, folder)] == [
        'model, hooks, visualizer', 'test_dataloader, test_evaluator', 'test',
    ]  # fmt: skip


@pytest.mark.parametrize(
    ('key', 'value', 'step', 'at_fault', 'says'),
    [
        (
            'model.neck.fusion.type', 'Lost', 'model, hooks, visualizer',
            'model.neck.fusion', 'Lost is not in the',
        ),
        (
            'visualizer.vis_backends.0.type', 'Lost',
            'model, hooks, visualizer', 'visualizer.vis_backends.0',
            'Lost is not in the',
        ),
        (
            'train_dataloader.dataset.pipeline.0.type', 'Lost',
            'train_dataloader, train_cfg',
            'train_dataloader.dataset.pipeline.0', 'Lost is not in the',
        ),
        (
            'train_dataloader.batch_sampler', {'type': 'Lost'},
            'train_dataloader, train_cfg', 'train_dataloader.batch_sampler',
            'Lost is not in the',
        ),
        (
            'param_scheduler.1.type', 'Lost',
            'optim_wrapper, param_scheduler', 'param_scheduler.1',
            'Lost is not in the',
        ),
        (
            'model.neck.fusion.in_channels', [8, 16, 32, 32],
            'training step', 'model.neck.fusion', 'channels',
        ),
        (
            'model.target_builder.map_size', 17, 'training step',
            'model.neck', 'Target size',
        ),
        (
            'optim_wrapper.optimizer.lr', -1.0,
            'optim_wrapper, param_scheduler', 'optim_wrapper.optimizer',
            'Invalid learning rate',
        ),
        (
            'val_evaluator.protocol', 'lost', 'val_dataloader, val_evaluator',
            'val_evaluator', "'lost'",
        ),
    ],
)  # fmt: skip
def test_what_is_wrong_is_named(
    tiny, folder, key, value, step, at_fault, says
):
    tiny.merge_from_dict({key: value})
    *good, bad = rehearse(tiny, folder)
    assert all(x.good for x in good) and not bad.good
    assert bad.what == step
    where, _, text = bad.remedy.partition(': ')
    assert where.startswith(at_fault) and says in text


@pytest.mark.slow
@pytest.mark.parametrize(
    'path',
    [x for x in sorted(CONFIGS.rglob('*.py')) if '_base_' not in x.parts],
    ids=lambda path: path.stem,
)
def test_the_zoo(folder, path):
    findings = rehearse(Config.fromfile(path), folder)
    assert len(findings) == 7
    assert all(x.good for x in findings), findings[-1].remedy
