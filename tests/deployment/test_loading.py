"""Estimators around exported files against those of torch."""

import subprocess
import sys

import numpy as np
import onnx
import openvino
import pytest
import torch

from mmbopr.deployment import DeploymentError, load_deployed
from mmbopr.structures.predictions import MissingFeatureError
from mmbopr.testing.fake_smpl import write_fake_smpl

FIELDS = (
    'pose_rotmat', 'betas', 'cam', 'rel_depth', 'cam_transl_full', 'K_full',
    'vertices', 'joints', 'joints_h36m',
)  # fmt: skip


def predict(model, batch):
    samples = model.test_step(batch)
    return {
        name: torch.cat([x.pred_instances[name] for x in samples]).numpy()
        for name in FIELDS
    }


@pytest.mark.parametrize(
    ('backend', 'settings'),
    [('onnxruntime', {}), ('openvino', dict(precision='fp32'))],
)
def test_predictions_are_those_of_torch(exported, batch, backend, settings):
    model, path = exported
    deployed = load_deployed(path, backend, **settings)
    expected = predict(model, batch)
    assert np.ptp(expected['betas'], axis=0).max() > 1e-3  # crops matter
    for name, value in predict(deployed, batch).items():
        np.testing.assert_allclose(
            value, expected[name], rtol=1e-4, atol=1e-4, err_msg=name
        )
    batch = {key: value[:1] for key, value in batch.items()}
    np.testing.assert_allclose(
        predict(deployed, batch)['vertices'],
        expected['vertices'][:1],
        atol=1e-4,
    )


def test_half_precision_costs_millimetres(exported, batch, cpu_has_bf16):
    if not cpu_has_bf16:
        pytest.skip('the CPU does not compute in bf16')
    model, path = exported
    deployed = load_deployed(path, 'openvino', precision='bf16')
    expected, found = predict(model, batch), predict(deployed, batch)
    error = np.linalg.norm(found['vertices'] - expected['vertices'], axis=-1)
    assert error.mean() < 0.02
    # Rotations are made in single precision.
    turned = found['pose_rotmat'] @ found['pose_rotmat'].swapaxes(-1, -2)
    np.testing.assert_allclose(
        turned, np.broadcast_to(np.eye(3), turned.shape), atol=1e-5
    )


def test_bf16_is_taken_where_the_cpu_has_it(exported, cpu_has_bf16):
    deployed = load_deployed(exported[1], 'openvino')
    expected = 'bf16' if cpu_has_bf16 else 'fp32'
    assert deployed.head.backend.precision == expected


def test_bf16_is_refused_where_the_cpu_lacks_it(exported, monkeypatch):
    """OpenVINO takes single precision then, and does not say so."""
    monkeypatch.setattr(
        openvino.Core, 'get_property', lambda *_: ['FP32', 'INT8']
    )
    deployed = load_deployed(exported[1], 'openvino')
    assert deployed.head.backend.precision == 'fp32'
    with pytest.raises(DeploymentError, match='in bf16, only in FP32, INT8'):
        load_deployed(exported[1], 'openvino', precision='bf16')


def test_signals_are_survived_afterwards(exported, pytestconfig):
    """OpenVINO changes the stack of signal handlers, in use at exit."""
    script = f"""
import faulthandler, signal, subprocess
from mmbopr.deployment.backends import OpenVINOBackend
faulthandler.enable()
first = OpenVINOBackend({str(exported[1])!r}, precision='fp32')
second = OpenVINOBackend({str(exported[1])!r}, precision='fp32')
del first
del second
received = []
signal.signal(signal.SIGCHLD, lambda *_: received.append(True))
subprocess.run(['true'], check=True)
assert received
"""
    result = subprocess.run(
        [sys.executable, '-c', script],
        cwd=pytestconfig.rootpath,
        capture_output=True,
        text=True,
        check=False,
    )
    assert result.returncode == 0, result.stderr


def test_the_config_may_be_given_and_changed(exported):
    model, path = exported
    options = {'model.test_cfg.output_attention': True}
    deployed = load_deployed(path, 'onnxruntime', model.cfg, options)
    assert not deployed.training
    assert deployed.test_cfg['output_attention']
    assert 'test_cfg' not in model.cfg.model


def test_attention_maps_are_not_in_the_file(exported, batch):
    options = {'model.test_cfg.output_attention': True}
    deployed = load_deployed(exported[1], 'onnxruntime', cfg_options=options)
    with pytest.raises(MissingFeatureError, match='unset test_cfg'):
        deployed.test_step(batch)


def test_a_config_for_other_crops_is_refused(exported):
    path = exported[1]
    sizes = {'test_dataloader.dataset.pipeline.1.input_size': [64, 96]}
    with pytest.raises(DeploymentError, match=r'input_size \(64, 64\).*96'):
        load_deployed(path, 'onnxruntime', cfg_options=sizes)


def test_a_config_with_another_body_is_refused(exported, tmp_path):
    write_fake_smpl(tmp_path / 'smpl')
    body = {'model.body_model.model_path': str(tmp_path / 'smpl')}
    with pytest.raises(DeploymentError, match=r"'open-1', but .*'smpl'"):
        load_deployed(exported[1], 'onnxruntime', cfg_options=body)


def test_normalised_crops_are_refused(exported, batch):
    deployed = load_deployed(exported[1], 'onnxruntime')
    batch['inputs'] = [x.float() / 255 for x in batch['inputs']]
    with pytest.raises(DeploymentError, match=r'uint8.*float32'):
        deployed.test_step(batch)


@pytest.mark.parametrize('backend', ['onnxruntime', 'openvino'])
def test_wrong_files_are_named(exported, backend, tmp_path):
    with pytest.raises(FileNotFoundError, match=r'lost\.onnx'):
        load_deployed(tmp_path / 'lost.onnx', backend)
    weights = tmp_path / 'epoch_9.pth'
    weights.write_bytes(b'')
    with pytest.raises(DeploymentError, match=r'reads \.onnx.*export_model'):
        load_deployed(weights, backend)
    garbage = tmp_path / 'garbage.onnx'
    garbage.write_bytes(b'no protobuf')
    with pytest.raises(DeploymentError, match=r'garbage\.onnx is no ONNX'):
        load_deployed(garbage, backend)
    foreign = onnx.load(exported[1])
    del foreign.metadata_props[:]
    onnx.save(foreign, tmp_path / 'foreign.onnx')
    with pytest.raises(DeploymentError, match=r'foreign\.onnx has no meta'):
        load_deployed(tmp_path / 'foreign.onnx', backend)


@pytest.mark.parametrize('backend', ['onnxruntime', 'openvino'])
def test_a_missing_runtime_is_named(exported, backend, monkeypatch):
    monkeypatch.setitem(sys.modules, backend, None)
    with pytest.raises(ImportError, match=f'pip install {backend}'):
        load_deployed(exported[1], backend)


def test_unknown_settings_are_refused(exported):
    with pytest.raises(DeploymentError, match=r"'tensorrt'.*'openvino'"):
        load_deployed(exported[1], 'tensorrt')
    with pytest.raises(DeploymentError, match=r"'int8'.*'bf16', 'fp32'"):
        load_deployed(exported[1], 'openvino', precision='int8')
