"""The report; what is tried is tested in tests/doctor."""

from pathlib import Path

import pytest
from mmengine.config import Config

from mmbopr.testing.tiny_config import TINY_BASE, tiny_options

CONFIGS = Path(__file__).parents[2] / 'configs'


@pytest.fixture(scope='module')
def tool(load_tool):
    return load_tool('misc/check_config.py')


@pytest.fixture(scope='module')
def write(tmp_path_factory):
    """Function that writes the tiny config with one option changed."""
    folder = tmp_path_factory.mktemp('configs')

    def write(name, **options):
        cfg = Config.fromfile(CONFIGS / TINY_BASE)
        cfg.merge_from_dict(tiny_options('nowhere') | options)
        cfg.dump(folder / name)
        return str(folder / name)

    return write


def test_good_and_bad_are_told_apart(tool, write, capsys):
    good = write('good.py')
    misspelt = write('misspelt.py', **{'model.head.colour': 1})
    broken = write(
        'broken.py', **{'test_dataloader.dataset.pipeline.0.type': 'Lost'}
    )
    assert tool.main([good, misspelt, broken]) == 1
    _, told, bad, worse = capsys.readouterr().out.split('/3] ')
    assert told.startswith(f'{good}, ') and '  ok  8 steps' in told
    assert 'MISSING OR WRONG  keys' in bad and 'model.head.colour' in bad
    assert 'ok  training step' in worse
    assert 'MISSING OR WRONG  test_dataloader, test_evaluator' in worse
    assert 'test_dataloader.dataset.pipeline.0: KeyError: Lost' in worse
    assert worse.endswith(f'1 of 3 work\nFAILED {misspelt}\nFAILED {broken}\n')


def test_options_and_the_exit_code(tool, write, capsys):
    good = write('good.py')
    assert tool.main([good]) == 0
    assert capsys.readouterr().out.endswith('1 of 1 work\n')
    option = 'model.neck.type=Lost'
    assert tool.main([good, '--cfg-options', option]) == 1
    assert 'model.neck: KeyError' in capsys.readouterr().out


def test_files_that_cannot_be_read(tool, tmp_path, capsys):
    (tmp_path / 'torn.py').write_text('model = dict(')
    paths = [str(tmp_path / 'torn.py'), str(tmp_path / 'lost.py')]
    assert tool.main(paths) == 1
    assert 'SyntaxError' in (text := capsys.readouterr().out)
    assert 'FileNotFoundError' in text and '0 of 2 work' in text


def test_a_part_without_a_type_is_told_and_others_go_on(tool, write, capsys):
    bad = write('untyped.py', **{'test_evaluator': [dict(protocol='')]})
    assert tool.main([bad, write('good.py')]) == 1
    text = capsys.readouterr().out
    assert 'MISSING OR WRONG  keys' in text and "'type'" in text
    assert f'1 of 2 work\nFAILED {bad}\n' in text
