from pathlib import Path

import pytest
from mmengine.config import Config

from mmbopr.engine.config_check import ConfigKeyError

CONFIG = str(
    Path(__file__).parents[2]
    / 'configs/open/bopr_resnet18_1xb16-9e_open-people-96x96.py'
)


@pytest.fixture(scope='module')
def tool(load_tool):
    return load_tool('analysis_tools/print_config.py')


@pytest.mark.parametrize('option', ['--cfg-options', '--options'])
def test_what_is_printed_is_the_config(tool, capsys, option):
    tool.main([CONFIG, option, 'train_dataloader.batch_size=3'])

    printed = Config.fromstring(capsys.readouterr().out, '.py')

    expected = Config.fromfile(CONFIG)
    assert expected.train_dataloader.batch_size != 3
    expected.train_dataloader.batch_size = 3
    assert printed.to_dict() == expected.to_dict()


def test_misspelt_keys_are_refused(tool, capsys):
    with pytest.raises(ConfigKeyError, match='colour'):
        tool.main([CONFIG, '--cfg-options', 'model.head.colour=1'])
    assert not capsys.readouterr().out
