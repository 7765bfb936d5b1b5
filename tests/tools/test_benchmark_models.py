import json
import re

import pytest
from mmengine.config import Config

from mmbopr.testing.tiny_config import TINY_BASE, tiny_options


@pytest.fixture(scope='module')
def tool(load_tool):
    return load_tool('analysis_tools/benchmark_models.py')


@pytest.fixture(scope='module')
def bare(pytestconfig, tmp_path_factory):
    """A file with nothing but a model for 224 px; its body is not there."""
    cfg = Config.fromfile(pytestconfig.rootpath / 'configs' / TINY_BASE)
    cfg.merge_from_dict(tiny_options('nowhere'))
    cfg.model.body_model.model_path = 'nowhere/smpl'
    cfg.model.target_builder.map_size = 56
    path = tmp_path_factory.mktemp('bare') / 'bare.py'
    Config(dict(model=cfg.model)).dump(path)
    return str(path)


def test_tables_ratios_and_file(tool, bare, tmp_path, capsys):
    out = tmp_path / 'times.json'
    tool.main(
        [
            bare, bare, '--body', 'open', '--input-size', '64', '64',
            '--batch-size', '2', '--rounds', '1', '--dtype', 'bf16',
            '--channels-last', '--out', str(out),
        ]
    )  # fmt: skip
    text = capsys.readouterr().out
    for step in ('forward', 'train_step'):
        for precision in ('fp32', 'bf16'):
            assert f'{step}, {precision}, ms' in text
    result = json.loads(out.read_text())
    assert result['settings']['batch_size'] == 2
    assert result['settings']['channels_last'] == ['bare', 'bare (2)']
    first, second = (
        result['ms']['forward']['fp32'][name] for name in ('bare', 'bare (2)')
    )
    assert f'{first["whole"]:.1f}' in text
    row = re.search(r'  bare \(2\) : bare +(.*)', text)[1].split()
    assert float(row[0]) == pytest.approx(
        second['whole'] / first['whole'], abs=1e-3
    )
    assert float(row[-1]) == pytest.approx(
        second['all but backbone'] / first['all but backbone'], abs=1e-3
    )
    fast = result['ms']['forward']['bf16']['bare']['whole']
    assert f'bare: inference in bf16 is {first["whole"] / fast:.2f}' in text


def test_sizes_are_those_of_the_configs_or_asked_for(tool):
    small = Config(dict(input_size=(96, 96)))
    bare = Config(dict())
    step = dict(type='MeshTopdownAffine')
    loader = dict(dataset=dict(pipeline=[step]))
    own = Config(dict(input_size=(96, 96), train_dataloader=loader))
    assert tool.common_size(dict(a=own), None) == (224, 224)
    assert tool.common_size(dict(a=small), None) == (96, 96)
    assert tool.common_size(dict(a=bare), None) == (224, 224)
    assert tool.common_size(dict(a=small, b=bare), [64, 80]) == (64, 80)
    with pytest.raises(SystemExit, match=r'96.*224.*--input-size'):
        tool.common_size(dict(a=small, b=bare), None)


def test_part_maps_grow_with_the_input(tool):
    model = dict(
        body_model=dict(model_path='smpl'), target_builder=dict(map_size=24)
    )
    cfg = Config(dict(model=model, input_size=(96, 96)))
    args = tool.parse_args(['model.py'])
    fitted = tool.fit_model(cfg, (192, 256), args)
    assert fitted.target_builder.map_size == [48, 64]
    assert fitted.body_model.model_path == 'smpl'
    assert 'channels_last' not in fitted
    args = tool.parse_args(['model.py', '--body', 'open', '--channels-last'])
    fitted = tool.fit_model(Config(dict(model=model)), (224, 224), args)
    assert fitted.target_builder.map_size == [24, 24]
    assert fitted.body_model.model_path == 'open'
    assert fitted.channels_last
