import re
from pathlib import Path

import mmpose
import pytest
from mmengine.config import Config
from mmengine.registry import DefaultScope

from mmbopr.engine.config_check import ConfigKeyError, check_config
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


def test_parts_of_others_are_not_judged(cfg):
    cfg.model.backbone.anything = 1
    cfg.default_hooks.timer.anything = 1
    check_config(cfg)


def test_full_names_are_checked_in_other_scopes(cfg):
    cfg.default_scope = 'mmpose'
    cfg.model.head.loss_pse = None
    check_config(cfg)  # BARHead is none of mmpose's, the Runner will say so
    cfg.model.head.type = 'mmbopr.BARHead'
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
