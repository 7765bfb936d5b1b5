"""The table; counts are tested in tests/engine."""

import pytest

from mmbopr.apis import init_model
from mmbopr.engine.complexity import measure_complexity
from mmbopr.engine.config_check import ConfigKeyError


@pytest.fixture(scope='module')
def tool(load_tool):
    return load_tool('analysis_tools/get_flops.py')


def test_table(tool, tiny_model, capsys):
    config = str(tiny_model / 'config.py')
    # The files of the body are not needed.
    lost = ['--cfg-options', 'model.body_model.model_path=nowhere']
    tool.main([config, '--shape', '128', '64', *lost])
    text = capsys.readouterr().out
    assert 'a crop of 64 x 128 pixels (w x h)' in text
    rows = {x.rpartition('  ')[0].split('  ')[0]: x.split() for x in
            text.splitlines()[2:]}  # fmt: skip
    found = measure_complexity(init_model(config), (64, 128))
    for part in ('backbone', 'neck', 'head'):
        assert rows[part] == [
            part,
            f'{found.params[part] / 1e6:.3f}',
            f'{found.flops[part] / 1e9:.4f}',
        ]
    assert rows['all but the body'][-1] == f'{found.flops[""] / 1e9:.4f}'
    assert rows['body layer'][-1] == f'{found.flops["body"] / 1e9:.4f}'


def test_the_crop_is_the_config_s_and_modules_are_shown(
    tool, tiny_model, capsys
):
    tool.main([str(tiny_model / 'config.py'), '--depth', '2'])
    text = capsys.readouterr().out
    assert 'a crop of 64 x 64 pixels' in text
    assert 'neck.part_features' in text and 'head.losses' not in text


def test_misspelt_keys_are_refused(tool, tiny_model):
    with pytest.raises(ConfigKeyError, match='colour'):
        tool.main(
            [
                str(tiny_model / 'config.py'),
                '--cfg-options', 'model.head.colour=1',
            ]
        )  # fmt: skip
