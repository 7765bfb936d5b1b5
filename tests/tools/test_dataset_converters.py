import json
import runpy
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from mmbopr.testing.miniature import make_crowd
from mmbopr.testing.miniature.eft import make_eft_crowd, write_eft
from mmbopr.testing.miniature.pw3d import write_pw3d

FOLDER = Path(__file__).parents[2] / 'tools/dataset_converters'
TOOLS = {
    'agora': ('validation', 'agora.is.tue.mpg.de'),
    'bedlam': ('train', 'bedlam.is.tue.mpg.de'),
    'coco_eft': ('part', 'facebookresearch/eft'),
    'h36m': ('test', 'vision.imar.ro'),
    'human_data': ('all', '--file'),
    'lspet_eft': ('test', 'facebookresearch/eft'),
    'mpi_inf_3dhp': ('test', 'vcai.mpi-inf.mpg.de'),
    'mpii_eft': ('train', 'facebookresearch/eft'),
    'oh50k3d': ('test', 'yangangwang.com'),
    'pw3d': ('validation', 'virtualhumans.mpi-inf.mpg.de'),
    'spin_npz': ('all', '--dataset'),
}


def run(monkeypatch, name, *args):
    monkeypatch.setattr(sys, 'argv', [name, *map(str, args)])
    runpy.run_path(str(FOLDER / f'{name}.py'), run_name='__main__')


@pytest.mark.parametrize('name', list(TOOLS))
def test_help(monkeypatch, capsys, name):
    with pytest.raises(SystemExit) as end:
        run(monkeypatch, name, '--help')
    assert end.value.code == 0
    text = capsys.readouterr().out
    for word in (*TOOLS[name], '--partial', '--workers', '--body-model',
                 f'dataset_converters/{name}.py'):  # fmt: skip
        assert word in text


def test_command_line(tmp_path):
    write_pw3d(tmp_path, 'a_b_00', make_crowd(2, 1))
    out = tmp_path / 'new.npz'
    command = [sys.executable, FOLDER / 'pw3d.py', tmp_path, '--out', out,
               '--split', 'test', '--body-model', 'open', '--partial',
               '--workers', 1]  # fmt: skip

    def convert():
        return subprocess.run(
            list(map(str, command)),
            cwd=FOLDER.parents[1],
            capture_output=True,
            text=True,
            check=False,
        )

    result = convert()
    assert result.returncode == 0, result.stderr
    assert f'wrote {out} and its manifest' in result.stdout
    assert 'ETA' in result.stdout
    counts = json.loads(out.with_suffix('.json').read_text())['counts']
    assert counts == {'read': 2, 'dropped': {}, 'rows': 2}
    assert 'holds this conversion already' in convert().stdout


def test_what_is_wrong_with_files_is_one_line(monkeypatch, tmp_path):
    write_pw3d(tmp_path, 'a_b_00', make_crowd(2, 1))
    (path,) = tmp_path.rglob('*.pkl')
    path.write_bytes(path.read_bytes()[:100])
    with pytest.raises(SystemExit) as end:
        run(
            monkeypatch, 'pw3d', tmp_path, '--out', tmp_path / 'new.npz',
            '--split', 'test', '--body-model', 'open', '--workers', 1,
        )  # fmt: skip
    assert end.value.code.startswith(f'\nerror: {path} cannot be read')
    assert not list(tmp_path.glob('new.*'))


def test_there_and_back_again(monkeypatch, tmp_path):
    write_eft(tmp_path, make_eft_crowd(1))
    ours, theirs, back = (
        tmp_path / f'{name}.npz' for name in ('ours', 'theirs', 'back')
    )
    usual = ('--body-model', 'open', '--partial', '--workers', 1)
    run(monkeypatch, 'coco_eft', tmp_path, '--out', ours, *usual)
    run(monkeypatch, 'to_human_data', ours, '--out', theirs)
    run(
        monkeypatch, 'human_data', tmp_path, '--file', theirs, '--out', back,
        *usual,
    )  # fmt: skip
    with np.load(ours) as first, np.load(back) as second:
        np.testing.assert_allclose(first['pose'], second['pose'])
        np.testing.assert_allclose(first['kp3d'], second['kp3d'], atol=1e-5)
