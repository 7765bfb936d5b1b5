"""Files against the models that they were exported from."""

import json
import sys

import onnx
import pytest
import torch
from torch import nn

from mmbopr.apis import init_model
from mmbopr.deployment import (
    BodyLicenceError,
    DeploymentError,
    ExportMetadata,
    export_model,
)
from mmbopr.deployment.parity import verify_export
from mmbopr.engine.config_check import ConfigError
from mmbopr.testing.fake_smpl import write_fake_smpl

INPUTS = ['inputs', 'bbox', 'K']
OUTPUTS = ['pose_rotmat', 'betas', 'cam', 'cam_transl_full']
# BoPR's is the file that all tests of ONNX share.
KINDS = ['cross-attention', 'prompts', 'pare', 'hmr', 'cliff']
WITH_DEPTH = KINDS[:2]


@pytest.mark.parametrize('kind', KINDS)
def test_every_head_agrees_with_torch(make_model, kind, tmp_path):
    model, path = make_model(kind), tmp_path / 'model.pt2'
    metadata = export_model(model, path)
    errors = verify_export(model, path)
    assert max(errors.values()) < 1e-4
    assert set(errors) - {'rel_depth'} == set(OUTPUTS)
    assert ('rel_depth' in errors) == (kind in WITH_DEPTH)
    prompts = ['keypoint_prompts'] * (kind == 'prompts')
    assert metadata.inputs == INPUTS + prompts


@pytest.mark.slow
@pytest.mark.parametrize('kind', KINDS)
def test_every_head_agrees_in_onnx(make_model, kind, tmp_path):
    model, path = make_model(kind), tmp_path / 'model.onnx'
    export_model(model, path, vertices=True)
    assert max(verify_export(model, path).values()) < 1e-4


@pytest.mark.slow
def test_the_full_size_agrees_in_onnx(pytestconfig, tmp_path):
    (config,) = (pytestconfig.rootpath / 'configs/open').glob('*w32*.py')
    model, path = init_model(config), tmp_path / 'model.onnx'
    export_model(model, path)
    assert max(verify_export(model, path).values()) < 1e-4


def test_onnx_agrees_and_says_what_it_is(exported):
    model, path = exported
    assert max(verify_export(model, path).values()) < 1e-4
    content = onnx.load(path)
    assert [(x.domain, x.version) for x in content.opset_import] == [('', 18)]
    shapes = {
        x.name: [
            d.dim_param or d.dim_value for d in x.type.tensor_type.shape.dim
        ]
        for x in (*content.graph.input, *content.graph.output)
    }
    assert shapes == {
        'inputs': ['batch', 3, 64, 64],
        'bbox': ['batch', 4],
        'K': ['batch', 4],
        'pose_rotmat': ['batch', 24, 3, 3],
        'betas': ['batch', 10],
        'cam': ['batch', 3],
        'rel_depth': ['batch', 24, 3],
        'cam_transl_full': ['batch', 3],
    }
    facts = json.loads(content.metadata_props[0].value)
    assert facts['config'].startswith('bopr_resnet18_')
    assert facts['checkpoint'] == 'epoch_9.pth'
    assert facts['body_model_id'] == 'open-1'
    assert facts['input_size'] == [64, 64]
    assert facts['preprocessing']['bgr_to_rgb'] is True
    assert facts['preprocessing']['mean'][0] == 123.675
    assert facts['part_names'][0] == 'pelvis'
    assert len(facts['joint_names']) == 45
    assert 'no data of a body model' in facts['licence']
    body = model.body_model.neutral
    assert path.stat().st_size < 4 * body.blend_matrix.numel()


def test_vertices_of_smpl_need_consent(tiny_config, tmp_path):
    write_fake_smpl(tmp_path / 'smpl')
    cfg = tiny_config('hmr')
    cfg.model.body_model.model_path = str(tmp_path / 'smpl')
    model, path = init_model(cfg), tmp_path / 'model.pt2'
    with pytest.raises(BodyLicenceError, match='--accept-smpl-licence'):
        export_model(model, path, vertices=True)
    assert not path.exists()
    metadata = export_model(
        model, path, vertices=True, accept_smpl_licence=True
    )
    assert metadata.body_model_id == 'smpl'
    assert 'Do not pass it on' in metadata.licence
    errors = verify_export(model, path)
    assert set(errors) == {*OUTPUTS, 'vertices', 'joints'}
    assert max(errors.values()) < 1e-4


def test_a_file_that_differs_is_refused(make_model, tmp_path):
    model, path = make_model('hmr'), tmp_path / 'model.pt2'
    export_model(model, path)
    with torch.no_grad():
        model.head.deccam.bias += 1e-3
    with pytest.raises(DeploymentError, match=r"differs.*'cam': 0\.00"):
        verify_export(model, path)


class Moody(nn.Module):
    def forward(self, feats):
        return (feats[-1].mean((2, 3)) * (1 if feats[-1].sum() > 0 else 2),)


def test_the_part_that_cannot_be_exported_is_named(make_model, tmp_path):
    model = make_model('hmr')
    model.neck = nn.Sequential(Moody())
    with pytest.raises(DeploymentError, match=r'neck\.0 \(Moody\) cannot'):
        export_model(model, tmp_path / 'model.onnx')
    assert not list(tmp_path.iterdir())


def test_an_operator_that_onnx_lacks_is_named(
    make_model, tmp_path, monkeypatch
):
    def fail(*args, **kwargs):
        reason = NotImplementedError('no function for aten.bessel_j0\nmore')
        raise torch.onnx.OnnxExporterError('Next steps: ...') from reason

    monkeypatch.setattr(torch.onnx, 'export', fail)
    with pytest.raises(DeploymentError, match=r'aten\.bessel_j0\)'):
        export_model(make_model('hmr'), tmp_path / 'model.onnx')
    assert not list(tmp_path.iterdir())


def test_other_preprocessing_is_refused(make_model, tmp_path):
    model = make_model('hmr')
    model.cfg.model.data_preprocessor.pad_size_divisor = 32
    with pytest.raises(DeploymentError, match='pad_size_divisor'):
        export_model(model, tmp_path / 'model.pt2')


def test_a_pipeline_without_crops_is_refused(make_model, tmp_path):
    model = make_model('hmr')
    del model.cfg.test_dataloader.dataset.pipeline[1]
    with pytest.raises(ConfigError, match='MeshTopdownAffine'):
        export_model(model, tmp_path / 'model.pt2')


def test_crops_of_the_default_size_are_exported(make_model, tmp_path):
    model = make_model('hmr')
    del model.cfg.test_dataloader.dataset.pipeline[1]['input_size']
    metadata = export_model(model, tmp_path / 'model.pt2')
    assert metadata.input_size == (224, 224)


def test_other_suffixes_are_refused(make_model, tmp_path):
    with pytest.raises(DeploymentError, match=r"model\.xml.*'\.onnx'"):
        export_model(make_model('hmr'), tmp_path / 'model.xml')


def test_a_missing_package_is_named(make_model, tmp_path, monkeypatch):
    monkeypatch.setitem(sys.modules, 'onnxscript', None)
    with pytest.raises(ImportError, match='pip install onnxscript'):
        export_model(make_model('hmr'), tmp_path / 'model.onnx')


@pytest.mark.parametrize('text', [None, '{}', '{"format": "other-1"}'])
def test_files_of_others_are_refused(text):
    with pytest.raises(DeploymentError, match=r'x\.onnx has no metadata'):
        ExportMetadata.from_json(text, 'x.onnx')
