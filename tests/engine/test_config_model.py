import re

import pytest
from mmengine.config import Config

from mmbopr.engine.config_check import ConfigError
from mmbopr.engine.config_model import (
    build_model,
    find_input_size,
    guess_input_size,
)
from mmbopr.testing.tiny_config import TINY_BASE


@pytest.fixture
def cfg(pytestconfig):
    return Config.fromfile(pytestconfig.rootpath / 'configs' / TINY_BASE)


def with_pipeline(*steps):
    return Config(dict(test_dataloader=dict(dataset=dict(pipeline=steps))))


def test_each_phase_has_its_crops(cfg):
    cfg.test_dataloader.dataset.pipeline[1].input_size = [64, 80]
    assert find_input_size(cfg, 'train') == (96, 96)
    assert find_input_size(cfg, 'test') == (64, 80)
    assert find_input_size(cfg, 'train', 'test') == (96, 96)
    cfg.pop('train_dataloader')
    assert find_input_size(cfg, 'train', 'test') == (64, 80)


def test_a_crop_of_the_default_size_is_found():
    cfg = with_pipeline(
        dict(type='LoadMeshImage'),
        dict(type='mmbopr.MeshTopdownAffine'),
        dict(type='PackMeshInputs'),
    )
    assert find_input_size(cfg, 'test') == (224, 224)


def test_without_crops_the_size_is_guessed():
    assert guess_input_size(Config(dict()), 'train', 'test') == (224, 224)
    cfg = with_pipeline(dict(type='LoadMeshImage'))
    cfg.input_size = [48, 64]
    assert guess_input_size(cfg, 'test') == (48, 64)
    cfg = with_pipeline(dict(type='MeshTopdownAffine', input_size=(96, 80)))
    assert guess_input_size(cfg, 'train', 'test') == (96, 80)


def test_the_cut_counts_not_what_prepares_for_it():
    cfg = with_pipeline(
        dict(type='NarrowSquareBBox', input_size=(192, 256)),
        dict(type='MeshTopdownAffine'),
    )
    assert find_input_size(cfg, 'test') == (224, 224)


def test_cuts_of_others_are_found():
    cfg = with_pipeline(dict(type='mmpose.TopdownAffine', input_size=(48, 64)))
    assert find_input_size(cfg, 'test') == (48, 64)


def test_pipelines_in_a_mixture_are_found():
    cfg = with_pipeline(dict(type='MeshTopdownAffine', input_size=(48, 64)))
    dataset = dict(
        type='ConcatDataset', datasets=[cfg.test_dataloader.dataset]
    )
    cfg = Config(dict(train_dataloader=dict(dataset=dataset)))
    assert find_input_size(cfg, 'train') == (48, 64)


@pytest.mark.parametrize(
    'pipeline',
    [[], [dict(type='LoadMeshImage')], [dict(type='mmpose.TopdownAffine')]],
)
def test_a_pipeline_without_crops_is_refused(pipeline):
    message = 'the config: expected a transform with input_size in the'
    message += ' pipeline of train_dataloader or test_dataloader, found none'
    with pytest.raises(ConfigError, match=re.escape(message)):
        find_input_size(with_pipeline(*pipeline), 'train', 'test')


def test_without_its_files_a_model_has_the_open_body(cfg):
    cfg.model.body_model.model_path = 'nowhere'
    assert build_model(cfg, False).body_model.body_model_id == 'open-1'
    assert cfg.model.body_model.model_path == 'nowhere'
    with pytest.raises(FileNotFoundError, match='nowhere'):
        build_model(cfg, True)
