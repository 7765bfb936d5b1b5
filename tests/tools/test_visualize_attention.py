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


def people_of(tool, tiny_model, *argv):
    """Data samples that the tool makes of the pictures in ``test``."""
    files = (tiny_model / 'config.py', tiny_model / 'net.pth')
    argv = [*files, '--out', 'unused', *argv]
    argv += ['--img', tiny_model / 'test/images']
    args = tool.parse_args([str(x) for x in argv])
    people, count = tool.read_people(Config.fromfile(files[0]), args)
    samples = [data['data_samples'] for _, data in people]
    assert len(samples) == count == 5
    return samples


def test_what_is_known_of_pictures(tool, tiny_model, tmp_path):
    path = tmp_path / 'keypoints.json'
    points = [[48, 36, 0.5]] * 17
    path.write_text(json.dumps({'000003.jpg': points}))
    known = ('--K', 100, 110, 40, 30, '--keypoints', path)
    samples = people_of(tool, tiny_model, *known)
    assert all(x.K.tolist() == [100, 110, 40, 30] for x in samples)
    told = ['keypoint_prompts' in x for x in samples]
    assert told == [False, False, False, True, False]
    # The middle of a picture of 96 x 72, and of the crop.
    np.testing.assert_allclose(
        samples[3].keypoint_prompts, [[0, 0, 0.5]] * 17, atol=1e-6
    )
    assert all(x.K is None for x in people_of(tool, tiny_model))


@pytest.mark.parametrize(
    'text, message',
    [
        ('{"lost.jpg": []}', r"\['lost\.jpg'\] are no pictures"),
        ('[1, 2]', 'expected a JSON object'),
        ('{', 'expected a JSON object'),
        ('{"000000.jpg": [[1, 2]]}', '17 key points of COCO'),
    ],
)
def test_bad_key_points_are_named(tool, tiny_model, tmp_path, text, message):
    path = tmp_path / 'keypoints.json'
    path.write_text(text)
    with pytest.raises(ValueError, match=message):
        people_of(tool, tiny_model, '--keypoints', path)


def test_a_model_that_reads_no_key_points_is_not_told_any(
    run, tiny_model, tmp_path
):
    options = ('--keypoints', 'k.json', '--img', tiny_model / 'test/images')
    with pytest.raises(SystemExit, match=r'reads --keypoints, found BARHead'):
        run('--out', tmp_path, *options)


def test_a_camera_without_pictures_is_refused(run, tmp_path, capsys):
    with pytest.raises(SystemExit):
        run('--out', tmp_path, '--K', 1, 1, 0, 0)
    assert '--K belongs to the pictures of --img' in capsys.readouterr().err


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
