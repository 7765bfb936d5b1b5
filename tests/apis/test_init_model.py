import pytest
import torch
from mmengine.registry import init_default_scope

from mmbopr.apis import init_model
from mmbopr.engine.config_check import ConfigKeyError
from mmbopr.registry import MODELS


@pytest.fixture
def model(config):
    init_default_scope('mmbopr')
    return MODELS.build(config.model)


@pytest.fixture
def checkpoint(model, tmp_path):
    torch.save({'state_dict': model.state_dict()}, tmp_path / 'net.pth')
    return tmp_path / 'net.pth'


def test_weights_and_options_are_those_asked_for(config, model, checkpoint):
    options = {'model.test_cfg.output_attention': True}
    loaded = init_model(config, checkpoint, cfg_options=options)
    assert not loaded.training and not loaded.backbone.training
    assert loaded.test_cfg['output_attention']
    assert loaded.cfg.model.test_cfg.output_attention
    assert 'test_cfg' not in config.model  # the caller's config is its own
    for name, value in model.state_dict().items():
        assert torch.equal(loaded.state_dict()[name], value), name


def test_a_config_may_be_a_file(config, checkpoint, tmp_path):
    config.dump(tmp_path / 'config.py')
    model = init_model(tmp_path / 'config.py', checkpoint)
    assert model.cfg.model == config.model


def test_every_weight_must_be_there(config, checkpoint):
    saved = torch.load(checkpoint, weights_only=True)
    del saved['state_dict']['head.cam.weight']
    torch.save(saved, checkpoint)
    with pytest.raises(RuntimeError, match=r'head\.cam\.weight'):
        init_model(config, checkpoint)


def test_a_missing_file_and_a_misspelt_key_are_named(config):
    with pytest.raises(FileNotFoundError, match=r'lost\.pth'):
        init_model(config, 'lost.pth')
    with pytest.raises(ConfigKeyError, match='part_chanels'):
        init_model(config, cfg_options={'model.neck.part_chanels': 8})


def test_a_checkpoint_of_another_config_is_told_from_a_torn_one(
    config, checkpoint, tmp_path
):
    with pytest.raises(
        RuntimeError, match=r'net\.pth does not fit .*trained with.*\n'
    ) as caught:
        init_model(
            config, checkpoint, cfg_options={'model.neck.part_channels': 64}
        )
    assert 'size mismatch' in str(caught.value)
    assert len(str(caught.value)) < 2000
    torn = tmp_path / 'torn.pth'
    torn.write_bytes(checkpoint.read_bytes()[:5000])
    with pytest.raises(ValueError, match=r'torn\.pth is no checkpoint'):
        init_model(config, torn)


@pytest.mark.parametrize('device', ['tpu', 'vulkan', 'cuda:99'])
def test_a_device_that_is_not_there_is_named(config, device):
    with pytest.raises(ValueError, match=f"device '{device}' cannot be used"):
        init_model(config, device=device)
