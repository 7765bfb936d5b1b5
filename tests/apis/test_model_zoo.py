"""How an inferencer finds its model."""

from pathlib import Path

import numpy as np
import pytest
import torch
from mmengine.registry import INFERENCERS as ROOT_INFERENCERS

from mmbopr.apis import MeshInferencer, find_model, zoo_entries
from mmbopr.deployment import export_model
from mmbopr.registry import INFERENCERS

NAME = 'bopr_resnet18_1xb16-9e_open-people-96x96'


def test_models_are_found_by_name_in_any_case():
    config, weights = find_model(NAME.upper())
    assert config.filename.endswith(f'configs/open/{NAME}.py')
    assert weights is None
    with pytest.raises(ValueError, match=f"no_such.*{NAME}'"):
        find_model(f'no_such-{NAME}')


def test_all_configs_of_the_zoo_are_files():
    for entry in zoo_entries():
        assert Path(entry['Config']).is_file(), entry['Name']


@pytest.mark.parametrize('type_', ['mesh-recovery', 'MeshInferencer'])
def test_it_is_registered_for_every_scope(tiny_model, type_):
    options = dict(
        model=str(tiny_model / 'config.py'),
        weights=str(tiny_model / 'net.pth'),
        device='cpu',
        detector='whole',
    )
    for registry in (INFERENCERS, ROOT_INFERENCERS):
        built = registry.build(dict(type=f'mmbopr.{type_}', **options))
        assert type(built) is MeshInferencer


def test_a_checkpoint_may_bring_its_config(tiny_model, tmp_path):
    content = torch.load(tiny_model / 'net.pth', weights_only=True)
    text = (tiny_model / 'config.py').read_text()
    content['message_hub'] = dict(runtime_info=dict(cfg=text))
    torch.save(content, tmp_path / 'both.pth')
    inferencer = MeshInferencer(
        weights=str(tmp_path / 'both.pth'), device='cpu', detector='whole'
    )
    assert inferencer.cfg.model.backbone.base_channels == 8
    with pytest.raises(ValueError, match=r'net\.pth holds no config'):
        MeshInferencer(weights=str(tiny_model / 'net.pth'), device='cpu')


def test_weights_are_needed(tiny_model):
    with pytest.raises(ValueError, match='give weights'):
        MeshInferencer(str(tiny_model / 'config.py'), device='cpu')


def test_an_exported_model_needs_its_backend():
    with pytest.raises(ValueError, match=r"net\.onnx .*'onnxruntime'"):
        MeshInferencer(weights='net.onnx', device='cpu')


@pytest.mark.slow
def test_an_exported_model_says_the_same(tiny_model, inferencer, tmp_path):
    export_model(inferencer.model, tmp_path / 'net.onnx', checkpoint='net.pth')
    exported = MeshInferencer(
        weights=str(tmp_path / 'net.onnx'),
        device='cpu',
        detector='whole',
        backend='onnxruntime',
        show_progress=False,
    )
    img = np.random.default_rng(0).integers(0, 255, (40, 30, 3), np.uint8)
    (ours,), (theirs,) = (
        run([img])['predictions'] for run in (exported, inferencer)
    )
    for name in ('global_orient', 'body_pose', 'betas', 'cam_t_full'):
        np.testing.assert_allclose(
            getattr(ours, name), getattr(theirs, name), rtol=1e-3, atol=1e-3
        )
