"""The command; times are tested in tests/engine."""

import re

import pytest

from mmbopr.datasets import AnnotationError


@pytest.fixture(scope='module')
def tool(load_tool):
    return load_tool('analysis_tools/benchmark_dataloader.py')


def run(tool, capsys, tiny_model, *options):
    tool.main([str(tiny_model / 'config.py'), '--max-iter', '2', *options])
    return capsys.readouterr().out.splitlines()


def test_speed_and_times_of_the_steps(tool, tiny_model, capsys):
    lines = run(
        tool, capsys, tiny_model,
        *('--num-workers', '0', '1', '--num-warmup', '0'),
        *('--num-samples', '2', '--batch-size', '3'),
    )  # fmt: skip
    assert lines[0].startswith('train_dataloader, batches of 3, ')
    speeds = [re.fullmatch(r'(\d) workers: (.*) samples/s', x)
              for x in lines[1:3]]  # fmt: skip
    assert [x[1] for x in speeds] == ['0', '1']
    assert all(float(x[2]) > 0 for x in speeds)
    total = re.fullmatch(r'stick-figures: (.*) CPU ms a sample', lines[3])
    steps = dict(x.split() for x in lines[4:])
    assert list(steps) == [
        'get_data_info', 'LoadMeshImage', 'MeshRandomFlip',
        'MeshRandomBBoxTransform', 'MeshTopdownAffine', 'RandomChannelGain',
        'PackMeshInputs',
    ]  # fmt: skip
    assert float(total[1]) == pytest.approx(
        sum(map(float, steps.values())), abs=0.05
    )


def test_the_test_set_by_its_own_settings(tool, tiny_model, capsys):
    lines = run(
        tool, capsys, tiny_model, '--dataset-type', 'test',
        *('--num-samples', '0'),
    )  # fmt: skip
    assert lines[0].startswith('test_dataloader, batches of 32, ')
    assert len(lines) == 2 and lines[1].startswith('0 workers: ')


def test_what_is_missing_is_named(tool, tiny_model, capsys):
    lost = ['--cfg-options', 'train_dataloader.dataset.data_root=nowhere']
    with pytest.raises(AnnotationError, match=r'nowhere/people\.npz'):
        run(tool, capsys, tiny_model, *lost)
    with pytest.raises(tool.ConfigError, match='no val_dataloader'):
        run(
            tool, capsys, tiny_model, '--dataset-type', 'val',
            *('--cfg-options', 'val_dataloader=None'),
        )  # fmt: skip
