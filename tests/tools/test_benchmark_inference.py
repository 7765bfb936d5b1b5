"""The command; times are tested in tests/engine."""

import json

import pytest
import torch


@pytest.fixture
def tool(load_tool, monkeypatch):
    """The tool; it may not change the threads of other tests."""
    tool = load_tool('analysis_tools/benchmark_inference.py')
    tool.threads = []
    monkeypatch.setattr(torch, 'set_num_threads', tool.threads.append)
    return tool


def test_a_row_for_each_batch_size(tool, tiny_model, tmp_path, capsys):
    out = tmp_path / 'speeds.json'
    tool.main(
        [
            str(tiny_model / 'config.py'), str(tiny_model / 'net.pth'),
            '--batch-size', '1', '2', '--max-iter', '3', '--num-warmup', '1',
            '--threads', '3', '--out', str(out),
        ]
    )  # fmt: skip
    assert tool.threads == [3]
    text = capsys.readouterr().out
    result = json.loads(out.read_text())
    assert [x['batch_size'] for x in result['speeds']] == [1, 2]
    text = text[text.index('backend torch') :]  # after what is loaded
    settings, _, *rows, memory = text.splitlines()
    assert settings.startswith('backend torch, device cpu, threads ')
    for row, x in zip(rows, result['speeds'], strict=True):
        assert row.split() == [
            str(x['batch_size']), f'{x["images_per_second"]:.2f}',
            f'{x["p50"]:.1f}', f'{x["p90"]:.1f}', f'{x["p99"]:.1f}',
        ]  # fmt: skip
        assert 0 < x['p50'] <= x['p90'] <= x['p99']
    assert memory == f'peak memory {result["peak_memory"]:.0f} MB'


def test_other_backends_get_the_exported_file(
    tool, tiny_model, monkeypatch, inferencer
):
    calls = []

    def load(cfg, weights, backend):
        calls.append((cfg.filename, weights, backend))
        return inferencer.model

    monkeypatch.setattr(tool, 'load_estimator', load)
    config = str(tiny_model / 'config.py')
    options = ['--batch-size', '1', '--max-iter', '1', '--num-warmup', '0']
    tool.main([config, 'net.onnx', '--backend', 'openvino', *options])
    assert calls == [(config, 'net.onnx', 'openvino')]


def test_other_backends_need_a_file(tool, tiny_model):
    config = str(tiny_model / 'config.py')
    with pytest.raises(SystemExit, match=r'needs the \.onnx .*export_model'):
        tool.main([config, '--backend', 'onnxruntime'])
