import re
from pathlib import Path

import mmpose
import pytest
from mmengine.config import Config
from mmengine.registry import DefaultScope

from mmbopr.engine.config_check import (
    ConfigKeyError,
    check_config,
    open_config,
)
from mmbopr.models import BARHead
from mmbopr.registry import FUNCTIONS, MODELS
from mmbopr.testing.tiny_config import TINY_BASE

ZOO = Path(mmpose.__file__).parent / '.mim/configs'


@pytest.fixture
def cfg(pytestconfig):
    return Config.fromfile(pytestconfig.rootpath / 'configs' / TINY_BASE)


@pytest.mark.parametrize(
    ('wrong', 'right'),
    [
        ('train_cgf', 'train_cfg'),
        ('optim_wraper', 'optim_wrapper'),
        ('val_dataloder', 'val_dataloader'),
        ('load_form', 'load_from'),
    ],
)
def test_sections_almost_named_like_the_runners_are_refused(cfg, wrong, right):
    cfg[wrong] = dict()
    message = f'{cfg.filename}: unknown key {wrong!r}. Did you mean {right!r}?'
    with pytest.raises(ConfigKeyError) as caught:
        check_config(cfg)
    assert str(caught.value) == message


def test_variables_of_a_config_are_left_alone(cfg):
    cfg.merge_from_dict({'my_codec': dict(type='Mine', a=1), 'widths': [1]})
    check_config(cfg)


@pytest.mark.parametrize(
    ('wrong', 'place', 'right'),
    [
        ('model.neck.part_chanels', 'AttentionGuidedEncoder', 'part_channels'),
        ('model.head.loss_pse', 'BARHead', 'loss_pose'),
        ('model.head.loss_pose.loss_wieght', 'PoseLoss', 'loss_weight'),
        ('model.bodymodel', 'BodyMeshEstimator', 'body_model'),
        ('model.data_preprocesor', 'BodyMeshEstimator', 'data_preprocessor'),
        ('model.target_builder.mapsize', 'BodyTargetBuilder', 'map_size'),
        ('train_dataloader.dataset.ann_fil', 'BodyMeshDataset', 'ann_file'),
        # An argument of the base class, behind **kwargs.
        ('train_dataloader.dataset.max_refech', 'BodyMeshDataset',
         'max_refetch'),
        ('train_dataloader.dataset.pipeline.1.probb', 'MeshRandomFlip',
         'prob'),
        ('val_evaluator.dumppath', 'HumanMeshMetric', 'dump_path'),
        ('visualizer.modelpath', 'MeshLocalVisualizer', 'model_path'),
        ('default_hooks.visualization.intervall', 'MeshVisualizationHook',
         'interval'),
    ],
)  # fmt: skip
def test_arguments_that_no_part_takes_are_refused(cfg, wrong, place, right):
    cfg.merge_from_dict({wrong: 1})
    message = f'{wrong} is not an argument of {place}. Did you mean {right!r}?'
    with pytest.raises(ConfigKeyError, match=re.escape(message)):
        check_config(cfg)


def test_without_a_near_name_all_arguments_are_listed(cfg):
    cfg.model.target_builder['xyz'] = 1
    with pytest.raises(ConfigKeyError, match=r"It takes \[.*'map_size'"):
        check_config(cfg)


@pytest.mark.parametrize(
    ('place', 'part', 'wrong'),
    [
        ('train_dataloader.sampler',
         dict(type='MixtureSampler', ratios=[1]), 'epoch_sise'),
        ('train_cfg',
         dict(type='ExactResumeTrainLoop', max_iters=1), 'val_intervall'),
        ('optim_wrapper',
         dict(type='BFloat16OptimWrapper'), 'accumulative_count'),
        ('model.backbone.init_cfg',
         dict(type='CheckedPretrained', checkpoint='a.pth'), 'prefixx'),
        ('visualizer', dict(type='mmbopr.MeshLocalVisualizer'), 'backendd'),
    ],
)  # fmt: skip
def test_parts_of_every_registry_are_judged(cfg, place, part, wrong):
    parent, _, name = place.rpartition('.')
    node = cfg
    for key in parent.split('.') if parent else ():
        node = node[key]
    node[name] = part
    check_config(cfg)
    node[name] = {**part, wrong: 1}
    message = f'{place}.{wrong} is not an argument of {part["type"]}. Did'
    with pytest.raises(ConfigKeyError, match=re.escape(message)):
        check_config(cfg)


@pytest.mark.parametrize('kind', ['IterSyncBuffersHook', 'AddCocoKeypoints'])
def test_parts_without_arguments_take_none(cfg, kind):
    cfg.custom_hooks = [dict(type=kind, interval=1)]
    with pytest.raises(ConfigKeyError, match=r'0\.interval .*takes \[\]'):
        check_config(cfg)


def test_what_mmengine_reads_itself_is_let_through(cfg):
    cfg.custom_hooks = [dict(type='IterSyncBuffersHook', priority='LOW')]
    cfg.optim_wrapper = dict(
        type='BFloat16OptimWrapper',
        optimizer=dict(type='Adam', lr=0.1),
        constructor='DefaultOptimWrapperConstructor',
        paramwise_cfg=dict(norm_decay_mult=0.0),
    )
    override = dict(type='CheckedPretrained', name='stem', checkpoint='b.pth')
    cfg.model.backbone.init_cfg = dict(
        type='CheckedPretrained', checkpoint='a.pth', override=override
    )
    check_config(cfg)


def test_a_part_that_takes_anything_is_not_judged(cfg):
    cfg.custom_hooks = [dict(type='CompileHook', mode='reduce-overhead')]
    check_config(cfg)


def test_functions_have_arguments_too(cfg):
    @FUNCTIONS.register_module(name='test_collate')
    def collate(batch, pad_value=0):
        return batch

    try:
        cfg.train_dataloader.collate_fn = dict(
            type='test_collate', pad_value=1
        )
        check_config(cfg)
        cfg.train_dataloader.collate_fn.pad_valeu = 1
        with pytest.raises(ConfigKeyError, match="Did you mean 'pad_value'"):
            check_config(cfg)
    finally:
        FUNCTIONS.module_dict.pop('test_collate')


def test_parts_of_others_are_not_judged(cfg):
    cfg.model.backbone.anything = 1
    cfg.default_hooks.timer.anything = 1
    check_config(cfg)


def test_constructors_of_users_may_do_what_they_like(cfg):
    """As long as they take ``**kwargs``; without, they are judged."""

    @MODELS.register_module()
    class Popping(BARHead):
        def __init__(self, *args, **kwargs):
            self.extra = kwargs.pop('extra')
            super().__init__(*args, **kwargs)

    @MODELS.register_module()
    class Inheriting(BARHead):
        pass

    @MODELS.register_module()
    class Making:
        def __new__(cls, width):
            return object.__new__(cls)

    try:
        cfg.model.head.update(type='Popping', extra=1)
        check_config(cfg)
        cfg.model.head.type = 'Inheriting'
        with pytest.raises(ConfigKeyError, match=r'head\.extra is not'):
            check_config(cfg)
        cfg.model.head = dict(type='Making', width=1)
        check_config(cfg)
        cfg.model.head.widths = 1
        with pytest.raises(ConfigKeyError, match="Did you mean 'width'"):
            check_config(cfg)
    finally:
        for name in ('Popping', 'Inheriting', 'Making'):
            MODELS.module_dict.pop(name)


def test_a_scope_beside_the_type_is_heeded(cfg):
    cfg.model.head.update(_scope_='mmpose', anything=1)
    check_config(cfg)
    cfg.default_scope = 'mmpose'
    check_config(cfg)
    cfg.model.head._scope_ = 'mmbopr'
    with pytest.raises(ConfigKeyError, match='anything'):
        check_config(cfg)


def test_full_names_are_checked_in_other_scopes(cfg):
    cfg.default_scope = 'mmpose'
    cfg.model.head.loss_pse = None
    check_config(cfg)  # BARHead is none of mmpose's, the Runner will say so
    cfg.model.head.type = 'mmbopr.BARHead'
    with pytest.raises(ConfigKeyError, match='loss_pse'):
        check_config(cfg)


def test_names_of_a_config_without_scope_are_ours(cfg):
    cfg.model.head.loss_pse = None
    cfg.default_scope = None
    with pytest.raises(ConfigKeyError, match='loss_pse'):
        check_config(cfg)
    cfg.pop('default_scope')
    with pytest.raises(ConfigKeyError, match='loss_pse'):
        check_config(cfg)


def test_the_scope_is_left_as_it_was(cfg):
    with DefaultScope.overwrite_default_scope('mmpose'):
        check_config(cfg)
        assert DefaultScope.get_current_instance().scope_name == 'mmpose'


@pytest.mark.parametrize(
    'path',
    sorted(ZOO.glob('body_2d_keypoint/topdown_heatmap/*/*.py'))[::40],
    ids=lambda path: path.stem,
)
def test_no_false_alarm_in_the_zoo_of_mmpose(path):
    check_config(Config.fromfile(path))


# --- opening
@pytest.mark.parametrize('kind', [str, Path])
def test_opening_merges_checks_and_enters_the_scope(cfg, kind):
    options = {'model.neck.part_channels': 7, 'default_scope': 'mmpose'}
    with DefaultScope.overwrite_default_scope('mmengine'):
        opened = open_config(kind(cfg.filename), options)
        assert DefaultScope.get_current_instance().scope_name == 'mmpose'
        del options['default_scope']
        open_config(kind(cfg.filename), options)
        assert DefaultScope.get_current_instance().scope_name == 'mmbopr'
    assert opened.model.neck.part_channels == 7
    options['model.neck.part_chanels'] = 7
    with pytest.raises(ConfigKeyError, match='part_chanels'):
        open_config(kind(cfg.filename), options)


def test_a_config_that_is_opened_stays_as_it_is(cfg):
    before = cfg.pretty_text
    opened = open_config(cfg, {'model.neck.part_channels': 7})
    opened.model.head.type = 'HMRHead'
    assert cfg.pretty_text == before
    assert opened.filename == cfg.filename
