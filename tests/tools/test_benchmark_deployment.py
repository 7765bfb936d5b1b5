"""The table; what it holds is tested in tests/deployment."""

import json

import pytest

from mmbopr.deployment.benchmark import Measurement


@pytest.fixture
def tool(load_tool, monkeypatch):
    """A tool that exports nothing and measures nothing."""
    tool = load_tool('analysis_tools/benchmark_deployment.py')
    found = {
        'torch fp32': Measurement(2.0, 4.0, 0.0, 0.0),
        'openvino bf16': Measurement(0.5, 0.8, 1.25, 7.5),
    }
    calls = []

    def record(name, result):
        def call(*args):
            calls.append((name, *args[1:]))
            return result

        monkeypatch.setattr(tool, name, call)

    record('export_model', None)
    record('runtimes', 'runs')
    record('noise_crops', 'noise')
    record('annotated_crops', 'people')
    record('compare_runtimes', found)
    tool.calls = calls
    return tool


def test_table_and_file(tool, tiny_model, tmp_path, capsys):
    out = tmp_path / 'found.json'
    tool.main(
        [
            str(tiny_model / 'config.py'), '--batch-size', '4',
            '--threads', '1', '--out', str(out),
        ]
    )  # fmt: skip
    rows = {
        line[:28].strip(): line[28:].split()
        for line in capsys.readouterr().out.splitlines()
    }
    assert rows['torch fp32'] == '2.00 1.00 1.00 0.0000 0.0000'.split()
    assert rows['openvino bf16'] == '8.00 4.00 5.00 1.2500 7.5000'.split()
    result = json.loads(out.read_text())
    assert result['settings']['batch_size'] == 4
    assert result['runtimes']['openvino bf16']['max_error'] == 7.5
    assert [call[0] for call in tool.calls] == [
        'export_model', 'runtimes', 'noise_crops', 'compare_runtimes',
    ]  # fmt: skip
    assert tool.calls[-1] == ('compare_runtimes', 'noise', 9)


def test_a_file_and_real_crops_may_be_given(tool, tiny_model):
    config = str(tiny_model / 'config.py')
    tool.main([config, '--onnx', 'old.onnx', '--test-data', '--threads', '1'])
    assert [call[0] for call in tool.calls] == [
        'runtimes', 'annotated_crops', 'compare_runtimes',
    ]  # fmt: skip
    assert str(tool.calls[0][1]) == 'old.onnx'
