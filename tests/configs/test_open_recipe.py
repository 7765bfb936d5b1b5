"""The stages in ``configs/open/recipe`` make one recipe."""

from pathlib import Path

import pytest
from mmengine.config import Config

FOLDER = Path(__file__).parents[2] / 'configs/open/recipe'
STAGES = [
    f'bopr_resnet18_1xb16-{name}-96x96'
    for name in (
        '300it_open-wild',
        '120it_open-mixed',
        '60it_open-film',
        '60it_open-crowd',
    )
]


@pytest.fixture(scope='module')
def stages():
    return [Config.fromfile(FOLDER / f'{name}.py') for name in STAGES]


def ratios(stage):
    return dict(stage.train_dataloader.sampler.ratios)


def test_there_are_no_others():
    assert {path.stem for path in FOLDER.glob('*.py')} == set(STAGES)


def test_each_starts_from_the_one_before(stages):
    weights = None
    for name, stage in zip(STAGES, stages, strict=True):
        assert stage.load_from == weights
        weights = f'work_dirs/{name}/iter_{stage.train_cfg.max_iters}.pth'


def test_iterations_are_counted_everywhere(stages):
    for stage in stages:
        assert stage.train_cfg.type == 'ExactResumeTrainLoop'
        assert stage.train_cfg.max_iters % stage.train_cfg.val_interval == 0
        assert not stage.log_processor.by_epoch
        checkpoint = stage.default_hooks.checkpoint
        assert not checkpoint.by_epoch
        assert 1 < checkpoint.interval < stage.train_cfg.max_iters


def test_every_source_has_a_ratio(stages):
    for stage in stages:
        sources = stage.train_dataloader.dataset.datasets
        names = [source.metainfo.dataset_name for source in sources]
        assert names == list(ratios(stage))
        assert [Path(source.data_root).name for source in sources] == names


def test_only_the_first_stage_supervises_part_maps(stages):
    supervised = [
        {
            s.supervise_segmentation
            for s in stage.train_dataloader.dataset.datasets
        }
        for stage in stages
    ]
    assert supervised == [{True}, {False}, {False}, {False}]


def test_no_sample_is_dropped(stages):
    for stage in stages:
        loader = stage.train_dataloader
        assert loader.sampler.epoch_size % loader.batch_size == 0


def test_a_new_source_leaves_the_old_proportions(stages):
    assert ratios(stages[0]) == dict(wild=1.0)
    assert ratios(stages[1]) == dict(studio=0.5, wild=0.3, lab=0.2)
    for before, stage, share in (
        (stages[1], stages[2], dict(film=0.2)),
        (stages[2], stages[3], dict(crowd=0.5)),
    ):
        (part,) = share.values()
        old = {name: x * (1 - part) for name, x in ratios(before).items()}
        assert ratios(stage) == pytest.approx(old | share)
