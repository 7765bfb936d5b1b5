import json

import cv2
import numpy as np
import pytest
import torch


@pytest.fixture(scope='module')
def tool(load_tool):
    return load_tool('analysis_tools/occlusion_sensitivity.py')


@pytest.fixture(scope='module')
def out(tool, tiny_model, tmp_path_factory):
    """What the tool writes about two people and a random network."""
    out = tmp_path_factory.mktemp('occlusion')
    argv = [tiny_model / 'config.py', tiny_model / 'net.pth', '--num', 2]
    argv += ['--patch', 20, '--stride', 30, '--out', out]
    tool.main([str(x) for x in argv])
    return out


def test_errors_and_summary_belong_together(out):
    summary = json.loads((out / 'occlusion_sensitivity.json').read_text())
    with np.load(out / 'occlusion_sensitivity.npz') as file:
        errors, baseline = file['errors'], file['baseline']
        assert file['sample_idx'].tolist() == [0, 4]
        assert file['tops'].tolist() == file['lefts'].tolist() == [0, 22, 44]
    assert errors.shape == (2, 3, 3, 14)
    increase = errors.mean(-1) - baseline.mean(-1)[:, None, None]
    assert summary['MPJPE'] == pytest.approx(baseline.mean(), rel=1e-5)
    assert summary['mean_increase'] == pytest.approx(increase.mean(), abs=1e-3)
    protocol = summary['protocol']
    assert protocol['patch'] == 20 and protocol['stride'] == 30
    assert protocol['checkpoint'] == 'net.pth' and protocol['count'] == 2
    assert protocol['input_size'] == [64, 64]


def test_every_person_and_the_mean_are_drawn(out):
    pictures = sorted(x.name for x in out.glob('*.png'))
    assert pictures == ['00000.png', '00004.png', 'mean.png']
    assert {cv2.imread(str(out / x)).shape for x in pictures} == {
        (880, 1400, 3)
    }


@pytest.mark.parametrize('options', [('--patch', '0'), ('--patch', '65')])
def test_a_square_that_does_not_fit_is_one_line(tool, tiny_model, options):
    argv = [tiny_model / 'config.py', tiny_model / 'net.pth', '--out', 'no']
    with pytest.raises(SystemExit, match=r'error: .* a patch of 1 to 64 px'):
        tool.main([*map(str, argv), *options])


def test_at_least_one_person_is_asked_for(tool, capsys):
    with pytest.raises(SystemExit):
        tool.main(['c.py', 'n.pth', '--out', 'no', '--num', '0'])
    assert '--num must be at least 1, found 0' in capsys.readouterr().err


def test_crops_are_shown_in_rgb(tool):
    bgr = torch.zeros(3, 4, 5, dtype=torch.uint8)
    bgr[0] = 200
    crop = tool.read_crop([{'inputs': bgr}], 0)
    assert crop.shape == (4, 5, 3) and crop[0, 0].tolist() == [0, 0, 200]
