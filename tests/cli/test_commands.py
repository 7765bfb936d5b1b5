"""The small commands."""

import pickle
import subprocess
import sys

import numpy as np
import pytest

from mmbopr.cli import main
from mmbopr.doctor import preflight
from mmbopr.evaluation.dump import DUMP_FORMAT
from mmbopr.evaluation.occlusion_sensitivity import OCCLUSION_FORMAT
from mmbopr.structures import ANNOTATION_FORMAT, tracks_of
from mmbopr.testing.fake_smpl import make_fake_smpl
from mmbopr.testing.results import make_result
from mmbopr.testing.tiny_config import TINY_BASE


@pytest.fixture
def result_file(tmp_path):
    make_result(2).save(tmp_path / 'r.json')
    return str(tmp_path / 'r.json')


def test_help_is_quick_because_torch_stays_out():
    code = (
        'import sys; from mmbopr.cli import main\n'
        "try: main(['--help'])\n"
        "except SystemExit: print('torch' in sys.modules)"
    )
    done = subprocess.run(
        [sys.executable, '-c', code], capture_output=True, text=True
    )
    assert done.stdout.splitlines()[-1] == 'False', done.stderr
    assert 'exit codes: 0 done' in done.stdout


def test_no_command_is_wrong_usage():
    with pytest.raises(SystemExit) as caught:
        main([])
    assert caught.value.code == 2


def test_inspect_a_result(result_file, capsys):
    assert main(['inspect', result_file]) == 0
    said = capsys.readouterr().out
    assert 'photo.jpg: 2 people, 640x480 px' in said
    assert '800 800 320 240 px' in said and 'body_pose' in said
    assert 'person 1: at' in said and 'left_big_toe' in said


def test_inspect_a_track(tmp_path, capsys):
    frames = [make_result(1, seed=i, frame=i, track_id=[3]) for i in (4, 6)]
    (track,) = tracks_of(frames, 25)
    track.save(tmp_path / 't.npz')
    assert main(['inspect', str(tmp_path / 't.npz')]) == 0
    said = capsys.readouterr().out
    assert 'person 3: 2 frames, 4 to 6, at 25 a second' in said


def test_what_is_no_result_is_refused(tmp_path, capsys):
    (tmp_path / 'x.json').write_text('{}')
    assert main(['inspect', str(tmp_path / 'x.json')]) == 2
    assert 'x.json is no result' in capsys.readouterr().err
    with pytest.raises(ValueError, match='no result'):
        main(['--debug', 'inspect', str(tmp_path / 'x.json')])


def test_of_a_folder_of_results_one_has_to_be_named(tmp_path, capsys):
    for name in ('a', 'b'):
        make_result(1, img_path=f'{name}.jpg').save(tmp_path / f'{name}.json')
    assert main(['export', str(tmp_path), str(tmp_path / 'x.obj')]) == 2
    assert 'holds 2 results or tracks: name' in capsys.readouterr().err
    assert not (tmp_path / 'x.obj').exists()


@pytest.mark.parametrize('command', ['inspect', 'export', 'view'])
def test_lost_results_are_named(command, tmp_path, capsys):
    more = dict(inspect=[], export=['x.obj'], view=['--out', 'x.html'])
    path = tmp_path / 'lost'
    assert main([command, str(path), *more[command]]) == 2
    said = capsys.readouterr().err
    assert said == f'error: {path}: no such result, track or folder\n'


def test_export_and_view(result_file, tmp_path):
    assert main(['export', result_file, str(tmp_path / 'r.ply')]) == 0
    assert (tmp_path / 'r.ply').read_bytes().startswith(b'ply')
    page = tmp_path / 'r.html'
    assert main(['view', result_file, '--out', str(page)]) == 0
    assert 'photo.jpg' in page.read_text()


def test_no_input_is_overwritten(result_file, tmp_path, capsys):
    frames = [make_result(1, seed=i, frame=i, track_id=[3]) for i in (4, 6)]
    (track,) = tracks_of(frames, 25)
    path = tmp_path / 'tracks/t.npz'
    path.parent.mkdir()
    track.save(path)
    before = path.read_bytes()
    for given in (path, path.parent):
        assert main(['export', str(given), str(path)]) == 2
        assert 'is the file that is read' in capsys.readouterr().err
    assert path.read_bytes() == before
    assert main(['export', str(path), str(tmp_path / 'amass.npz')]) == 0


@pytest.mark.parametrize('name', ['r.json', 'photo.jpg', 'page'])
def test_only_pages_are_written_by_view(result_file, tmp_path, capsys, name):
    path = tmp_path / name
    before = path.read_bytes() if path.exists() else None
    assert main(['view', result_file, '--out', str(path)]) == 2
    assert 'expected a name that ends in .html' in capsys.readouterr().err
    assert (path.read_bytes() if path.exists() else None) == before


@pytest.mark.parametrize('folder', ['results', 'tracks'])
def test_view_finds_results_in_the_folder_of_predict(tmp_path, folder):
    frames = [make_result(1, seed=i, frame=i, track_id=[3]) for i in (4, 6)]
    (track,) = tracks_of(frames, 25)
    (tmp_path / folder).mkdir()
    (tmp_path / 'settings.json').write_text('{}')
    if folder == 'results':
        frames[0].save(tmp_path / 'results/f.json')
    else:
        track.save(tmp_path / 'tracks/t.npz')
    page = tmp_path / 'page.html'
    assert main(['view', str(tmp_path), '--out', str(page)]) == 0
    assert page.is_file()


@pytest.mark.parametrize(
    ('form', 'what'),
    [
        (ANNOTATION_FORMAT, 'annotations of a data set, which tools/misc/b'),
        (DUMP_FORMAT, 'dump of an evaluation, which tools/report.py reads'),
        (OCCLUSION_FORMAT, 'a study of occlusion'),
    ],
)
def test_inspect_knows_our_other_files(tmp_path, capsys, form, what):
    path = tmp_path / 'x.npz'
    np.savez(path, format=np.array(form))
    assert main(['inspect', str(path)]) == 2
    said = capsys.readouterr().err
    assert f'{path} holds no result, but' in said and what in said
    np.savez(path, poses=np.zeros(3))
    assert main(['inspect', str(path)]) == 2
    assert 'predict the video again' in capsys.readouterr().err


def test_list(capsys):
    assert main(['list', 'parts']) == 0
    said = capsys.readouterr().out
    for part in ('MODELS:', '  BARHead', '  HOGDetector', '  mesh-recovery'):
        assert part in said.splitlines()
    assert main(['list', 'models']) == 0
    said = capsys.readouterr().out
    assert 'bopr_resnet18_1xb16-9e_open-people-96x96  Open people' in said
    assert main(['list', 'configs']) == 0
    assert 'configs/open/bopr_resnet18' in capsys.readouterr().out


def test_doctor(capsys):
    assert main(['doctor']) == 0
    assert 'torch' in capsys.readouterr().out
    assert main(['doctor', 'lost.py']) == 2
    assert 'there is no config lost.py' in capsys.readouterr().err
    assert main(['doctor', 'bopr_resnet18_9e']) == 2
    said = capsys.readouterr().err
    assert "'bopr_resnet18_1xb16-9e_open-people-96x96'" in said


def test_doctor_takes_names_of_models(monkeypatch):
    read = []
    monkeypatch.setattr(
        preflight, 'read_config', lambda path, options: read.append(path)
    )
    monkeypatch.setattr(preflight, 'examine', lambda cfg: True)
    name = 'bopr_resnet18_1xb16-9e_open-people-96x96'
    assert main(['doctor', name]) == 0
    assert read[0].endswith(f'configs/open/{name}.py')


def test_doctor_takes_settings_only(pytestconfig, capsys):
    config = str(pytestconfig.rootpath / 'configs' / TINY_BASE)
    with pytest.raises(SystemExit) as caught:
        main(['doctor', config, '--cfg-options', 'a=1', 'foo'])
    assert caught.value.code == 2
    said = capsys.readouterr().err
    assert "--cfg-options: expected KEY=VALUE, found 'foo'" in said


def test_doctor_is_a_module_too():
    command = [sys.executable, '-m', 'mmbopr.doctor', 'lost.py']
    options = ['--cfg-options', 'a=1', 'b=2']
    done = subprocess.run([*command, *options], capture_output=True, text=True)
    assert done.returncode == 2
    assert done.stderr == 'error: there is no config lost.py\n'


def test_body_models_are_checked_and_converted(tmp_path, capsys):
    content = make_fake_smpl()
    file, out = tmp_path / 'official.pkl', tmp_path / 'plain.npz'
    file.write_bytes(pickle.dumps(content))
    assert main(['body-model', 'check', str(file)]) == 0
    said = capsys.readouterr().out
    assert 'a SMPL body' in said and '6890 vertices, 13776 faces, 24' in said
    convert = ['body-model', 'convert', str(file), '--out', str(out)]
    assert main(convert) == 0
    with np.load(out, allow_pickle=False) as arrays:
        for name in ('v_template', 'posedirs', 'kintree_table', 'f'):
            np.testing.assert_array_equal(arrays[name], content[name])
    assert main(['body-model', 'check', str(out)]) == 0
    assert main(convert) == 2
    assert 'is there already' in capsys.readouterr().err


def test_another_body_says_what_it_is(tmp_path, capsys):
    np.savez(tmp_path / 'x.npz', v_template=np.zeros((3, 3)))
    assert main(['body-model', 'check', str(tmp_path / 'x.npz')]) == 2
    assert 'x.npz is not a SMPL body' in capsys.readouterr().err
