import importlib.util
import json
from pathlib import Path

import cv2
import numpy as np
import pytest
import torch
from mmengine.config import Config
from mmengine.registry import init_default_scope

from mmbopr.evaluation import read_dump, summarize
from mmbopr.registry import MODELS
from mmbopr.testing.tiny_config import (
    TINY_BASE,
    make_tiny_data,
    tiny_options,
)

ROOT = Path(__file__).parents[2]


def run(*argv):
    path = ROOT / 'tools/analysis_tools/visualize_attention.py'
    spec = importlib.util.spec_from_file_location('visualize_attention', path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    module.main([str(x) for x in argv])


@pytest.fixture(scope='module')
def folder(tmp_path_factory):
    """The tiny config with random weights: ``config.py``, ``net.pth``."""
    folder = tmp_path_factory.mktemp('tiny')
    cfg = Config.fromfile(ROOT / 'configs' / TINY_BASE)
    cfg.merge_from_dict(tiny_options(make_tiny_data(folder)))
    cfg.dump(folder / 'config.py')
    init_default_scope('mmbopr')
    torch.manual_seed(0)
    state = MODELS.build(cfg.model).state_dict()
    torch.save(dict(state_dict=state), folder / 'net.pth')
    return folder


def test_people_of_the_test_set_and_their_errors(folder, tmp_path, capsys):
    run(
        folder / 'config.py', folder / 'net.pth', '--out', tmp_path,
        '--num', 2, '--evaluate',
    )  # fmt: skip
    assert sorted(x.name for x in tmp_path.glob('*.png')) == [
        '00000.png', '00004.png',
    ]  # fmt: skip
    result = json.loads((tmp_path / 'body_reference.json').read_text())
    protocol = result['protocol']
    assert protocol['count'] == 5 and protocol['checkpoint'] == 'net.pth'
    full = summarize(read_dump(tmp_path / 'full.npz'))
    assert result['full'] == full
    (line,) = (
        x for x in capsys.readouterr().out.splitlines() if x[:5] == 'MPJPE'
    )
    change = result['difference']['MPJPE']
    numbers = [full['MPJPE'], full['MPJPE'] + change, change]
    assert [float(x) for x in line.split()[1:]] == pytest.approx(
        numbers, abs=0.01
    )


def test_pictures_without_annotations(folder, tmp_path):
    images = folder / 'test/images'
    for name, box in (('whole', ()), ('box', ('--bbox', 30, 10, 40, 50))):
        run(
            folder / 'config.py', folder / 'net.pth', '--num', 1,
            '--out', tmp_path / name, '--img', images, *box,
        )  # fmt: skip
    assert sorted(x.name for x in tmp_path.rglob('*.*')) == (
        ['000_000000.png'] * 2
    )
    paths = [tmp_path / x / '000_000000.png' for x in ('whole', 'box')]
    whole, box = (cv2.imread(str(path)) for path in paths)
    assert whole.shape == box.shape and not np.array_equal(whole, box)


def test_a_picture_that_is_not_there_is_one_line(folder, tmp_path):
    with pytest.raises(SystemExit, match=r'error: .*lost\.jpg'):
        run(
            folder / 'config.py', folder / 'net.pth', '--out', tmp_path,
            '--img', tmp_path / 'lost.jpg',
        )  # fmt: skip
