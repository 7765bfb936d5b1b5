import json

import cv2
import numpy as np
import pytest
import torch
from mmengine.config import Config
from mmengine.dataset import Compose, pseudo_collate

from mmbopr.apis import init_model, load_person
from mmbopr.evaluation import read_dump, summarize


@pytest.fixture(scope='module')
def tool(load_tool):
    return load_tool('analysis_tools/visualize_attention.py')


@pytest.fixture(scope='module')
def run(tool, tiny_model):
    """Function that runs the tool on the tiny model."""
    model = (tiny_model / 'config.py', tiny_model / 'net.pth')

    def run(*argv):
        tool.main([str(x) for x in (*model, *argv)])

    return run


def test_people_of_the_test_set_and_their_errors(run, tmp_path, capsys):
    run('--out', tmp_path, '--num', 2, '--evaluate')
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


def test_pictures_without_annotations(run, tiny_model, tmp_path):
    images = tiny_model / 'test/images'
    for name, box in (('whole', ()), ('box', ('--bbox', 30, 10, 40, 50))):
        run('--num', 1, '--out', tmp_path / name, '--img', images, *box)
    assert sorted(x.name for x in tmp_path.rglob('*.*')) == (
        ['000_000000.png'] * 2
    )
    paths = [tmp_path / x / '000_000000.png' for x in ('whole', 'box')]
    whole, box = (cv2.imread(str(path)) for path in paths)
    assert whole.shape == box.shape and not np.array_equal(whole, box)


def test_a_picture_that_is_not_there_is_one_line(run, tmp_path):
    with pytest.raises(SystemExit, match=r'error: .*lost\.jpg'):
        run('--out', tmp_path, '--img', tmp_path / 'lost.jpg')


def test_a_model_without_the_feature_lacks_its_column(tool, tiny_model):
    model = init_model(tiny_model / 'config.py')
    data = load_person(
        Compose(model.cfg.test_dataloader.dataset.pipeline),
        tiny_model / 'test/images/000000.jpg',
    )
    batch = pseudo_collate([data])
    assert tool.predict_without(model, batch).pred_instances.cam.shape == (
        1,
        3,
    )
    model.neck = torch.nn.Identity()
    assert tool.predict_without(model, batch) is None


def test_a_model_without_the_feature_cannot_be_measured(
    tool, tiny_model, tmp_path
):
    config = Config.fromfile(tiny_model / 'config.py')
    neck = config.model.neck
    config.model.neck = dict(
        type='PARENeck', in_channels=neck.in_channels, fusion=neck.fusion
    )
    config.model.head = dict(type='PAREHead')
    config.dump(tmp_path / 'pare.py')
    model = init_model(tmp_path / 'pare.py')
    torch.save(dict(state_dict=model.state_dict()), tmp_path / 'pare.pth')
    argv = [tmp_path / 'pare.py', tmp_path / 'pare.pth', '--num', 1]
    argv += ['--out', tmp_path / 'out', '--evaluate']
    with pytest.raises(SystemExit, match=r'error: PARENeck.*body_ref_feat'):
        tool.main([str(x) for x in argv])
    # The attention was drawn all the same.
    names = [x.name for x in (tmp_path / 'out').iterdir()]
    assert names == ['00000.png']


def test_at_least_one_person_is_asked_for(run, tmp_path, capsys):
    with pytest.raises(SystemExit):
        run('--out', tmp_path, '--num', 0)
    assert '--num must be at least 1, found 0' in capsys.readouterr().err
