import json
import shutil
import sys

import cv2
import numpy as np
import pytest
import trimesh

from mmbopr.body_models import SMPL
from mmbopr.cli import main, predict_pictures
from mmbopr.structures import MeshResult, MeshTrack
from mmbopr.video import OpenCVVideoWriter

NAMES = ['a.png', 'b.png', 'c.png', 'd.png']


@pytest.fixture
def photos(tmp_path):
    folder = tmp_path / 'photos'
    folder.mkdir()
    rng = np.random.default_rng(0)
    for name in NAMES:
        img = rng.integers(0, 255, (48, 36, 3), np.uint8)
        cv2.imwrite(str(folder / name), img)
    return folder


@pytest.fixture
def predict(tiny_model, tmp_path):
    """Function that predicts into ``out`` and returns the exit code."""

    def run(*argv, det='whole'):
        argv = ['--out', tmp_path / 'out', '--det', det,
                '--config', tiny_model / 'config.py', '--device', 'cpu',
                '--checkpoint', tiny_model / 'net.pth', *argv]  # fmt: skip
        return main(['predict', *(str(x) for x in argv)])

    return run


def results_in(folder):
    files = sorted((folder / 'results').iterdir())
    return {file.name: MeshResult.load(file) for file in files}


def test_a_folder_of_pictures(predict, photos, tmp_path, inferencer):
    assert predict(photos, '--K', 50, 50, 18, 24) == 0
    found = results_in(tmp_path / 'out')
    assert list(found) == [f'{name}.json' for name in NAMES]
    expected = inferencer(photos, K=[50, 50, 18, 24])['predictions']
    for result, ours in zip(found.values(), expected, strict=True):
        np.testing.assert_allclose(
            result.cam_t_full, ours.cam_t_full, rtol=1e-4
        )
        np.testing.assert_allclose(result.betas, ours.betas, atol=1e-5)


def test_broken_files_are_named_counted_and_survived(
    predict, photos, tmp_path, capsys
):
    (photos / 'b.png').write_bytes(b'')
    (photos / 'c.png').write_text('no picture')
    assert predict(photos) == 1
    assert list(results_in(tmp_path / 'out')) == ['a.png.json', 'd.png.json']
    said = capsys.readouterr()
    assert '2 people in 2 pictures' in said.out
    assert '2 files failed' in said.err
    first, second = (tmp_path / 'out/failed.txt').read_text().splitlines()
    assert 'b.png: the file is empty' in first and 'c.png: 10 byt' in second
    # Mended, they are done by the same command, and nothing is left to say.
    for name in ('b.png', 'c.png'):
        (photos / name).write_bytes((photos / 'a.png').read_bytes())
    assert predict(photos) == 0
    assert len(results_in(tmp_path / 'out')) == 4
    assert not (tmp_path / 'out/failed.txt').exists()


def test_it_goes_on_where_it_was_interrupted(
    predict, photos, tmp_path, monkeypatch, capsys
):
    read_picture = predict_pictures.read_picture
    seen = []

    def read(path):
        seen.append(path.name)
        if seen == NAMES[:3]:
            raise KeyboardInterrupt
        return read_picture(path)

    monkeypatch.setattr(predict_pictures, 'read_picture', read)
    assert predict(photos, '--batch-size', 1) == 130
    assert list(results_in(tmp_path / 'out')) == ['a.png.json', 'b.png.json']
    seen.clear()
    assert predict(photos, '--batch-size', 1) == 0
    assert seen == NAMES[2:] and len(results_in(tmp_path / 'out')) == 4
    assert '2 pictures done already' in capsys.readouterr().out
    assert predict(photos, '--overwrite') == 0
    assert seen == NAMES[2:] + NAMES


def test_results_of_other_settings_are_not_mixed(predict, photos, capsys):
    assert predict(photos) == 0
    assert predict(photos, '--vertices') == 2
    assert "['vertices'] differ" in capsys.readouterr().err
    assert predict(photos, '--vertices', '--overwrite') == 0


@pytest.fixture
def interrupt(monkeypatch):
    """Function after which the given picture or frame interrupts."""
    save = MeshResult.save

    def arm(stem):
        def save_or_stop(result, path):
            if path.stem == stem:
                raise KeyboardInterrupt
            save(result, path)

        monkeypatch.setattr(MeshResult, 'save', save_or_stop)

    return arm


def files_in(folder):
    found = (x for x in folder.rglob('*') if x.is_file())
    return sorted(str(x.relative_to(folder)) for x in found)


def test_overwriting_leaves_nothing_of_other_settings(
    predict, photos, tmp_path, interrupt, monkeypatch
):
    more = ('--overlay', '--export', 'obj,glb', '--format', 'npz')
    (photos / 'd.png').write_text('no picture')
    assert predict(photos, *more) == 1
    out = tmp_path / 'out'
    (out / 'results/a.png.npz.partial').touch()  # as a killed run leaves it
    mine = ['meshes/scene.glb', 'mine.txt', 'results/all.json']
    for name in mine:
        (out / name).touch()

    interrupt('b.png')
    assert predict(photos, '--overwrite', '--batch-size', 1) == 130
    left = [*mine, 'results/a.png.json', 'settings.json']
    assert files_in(out) == sorted(left)

    # Without it, nothing is in the way of going on, or of being refused.
    monkeypatch.undo()
    assert predict(photos, *more) == 2
    assert predict(photos) == 1
    done = ['results/b.png.json', 'results/c.png.json', 'failed.txt']
    assert files_in(out) == sorted([*left, *done])


def test_without_results_an_earlier_run_still_counts(
    predict, photos, tmp_path, interrupt, monkeypatch, capsys
):
    interrupt('a.png')
    assert predict(photos, '--overlay', '--export', 'obj') == 130
    drawn = tmp_path / 'out/overlays/a.png.jpg'
    monkeypatch.undo()
    assert predict(photos) == 2
    assert "['export', 'overlay'] differ" in capsys.readouterr().err
    assert drawn.exists()
    assert predict(photos, '--overwrite') == 0
    left = [f'results/{name}.json' for name in NAMES]
    assert files_in(tmp_path / 'out') == [*left, 'settings.json']


@pytest.mark.parametrize('content', ['{"editor.fontSize": 12}', '[]', 'no'])
def test_settings_of_others_are_refused(
    predict, photos, tmp_path, capsys, content
):
    """And with them whatever else is in that folder."""
    out = tmp_path / 'out'
    mine = {'settings.json': content, 'overlay.mp4': 'mine'}
    out.mkdir()
    for name, text in mine.items():
        (out / name).write_text(text)
    for option in ((), ('--overwrite',)):
        assert predict(photos, *option) == 2
        assert 'is not of mmbopr' in capsys.readouterr().err
    assert {x.name: x.read_text() for x in out.iterdir()} == mine


def test_files_of_others_are_not_overwritten(predict, photos, tmp_path):
    out, outside = tmp_path / 'out', tmp_path / 'outside'
    outside.mkdir()
    (outside / 'a.png.obj').touch()
    assert predict(photos) == 0
    (out / 'meshes').symlink_to(outside)
    mine = ['results/run.v2.json', 'results/x.final.npz', 'tracks/track_a.npz']
    (out / 'tracks').mkdir()
    for name in mine:
        (out / name).touch()
    assert predict(photos, '--overwrite') == 0
    assert (outside / 'a.png.obj').exists()
    assert all((out / name).exists() for name in mine)


def test_what_is_read_is_not_overwritten(
    predict, photos, video, tmp_path, capsys
):
    out = tmp_path / 'out'
    assert predict(photos, '--overlay') == 0
    shutil.copy(video, out / 'overlay.mp4')
    for source in ('overlays', 'overlay.mp4'):
        assert predict(out / source, '--overwrite') == 2
        assert 'is what runs write to' in capsys.readouterr().err
        assert (out / source).exists()


def test_nothing_is_overwritten_before_a_model_is_there(
    predict, photos, tmp_path
):
    assert predict(photos) == 0
    before = files_in(tmp_path / 'out')
    assert predict(photos, '--overwrite', '--vertices', det='hgo') == 2
    assert files_in(tmp_path / 'out') == before
    assert predict(photos) == 0


def test_what_this_command_did_not_make_is_not_overwritten(
    predict, photos, tmp_path
):
    (tmp_path / 'out/results').mkdir(parents=True)
    (tmp_path / 'out/results/run.1.json').write_text('of others')
    assert predict(photos, '--overwrite') == 0
    text = (tmp_path / 'out/results/run.1.json').read_text()
    assert text == 'of others'


def test_results_of_other_pictures_are_not_mixed(
    predict, photos, tmp_path, capsys, video
):
    other = tmp_path / 'other'
    other.mkdir()
    (photos / 'a.png').rename(other / 'a.png')
    assert predict(photos) == 0
    for source in (other, video):
        assert predict(source) == 2
        assert "['sources'] differ" in capsys.readouterr().err
    (photos / 'e.png').write_bytes((other / 'a.png').read_bytes())
    assert predict(photos / 'b.png', photos / 'e.png') == 0
    assert len(results_in(tmp_path / 'out')) == 4


def test_boxes_meshes_overlays_and_npz(predict, photos, tmp_path):
    box = ('--bbox', 2, 3, 30, 40)
    options = ('--export', 'obj,glb', '--overlay', '--vertices')
    code = predict(photos / 'a.png', *box, *box, *options, '--format', 'npz')
    assert code == 0
    out = tmp_path / 'out'
    (result,) = results_in(out).values()
    assert result.bbox.tolist() == [[2, 3, 30, 40]] * 2
    assert cv2.imread(str(out / 'overlays/a.png.jpg')).shape == (48, 36, 3)
    mesh = trimesh.load(out / 'meshes/a.png.obj', process=False, force='mesh')
    expected = (result.vertices + result.cam_t_full[:, None]).reshape(-1, 3)
    np.testing.assert_allclose(
        mesh.vertices, expected * [1, -1, -1], atol=1e-4
    )
    assert (out / 'meshes/a.png.glb').stat().st_size > 1000


@pytest.mark.skipif(sys.platform != 'linux', reason='elsewhere is one')
def test_without_a_display_nothing_is_shown(
    predict, photos, tmp_path, capsys, monkeypatch
):
    for name in ('DISPLAY', 'WAYLAND_DISPLAY'):
        monkeypatch.delenv(name, raising=False)
    assert predict(photos, '--show') == 2
    assert 'there is no display' in capsys.readouterr().err
    assert not (tmp_path / 'out/results').exists()


@pytest.mark.skipif(sys.platform != 'linux', reason='elsewhere is one')
@pytest.mark.parametrize('mode', [[], ['--no-track']])
def test_a_display_is_looked_for_before_the_model(
    tmp_path, photos, video, capsys, monkeypatch, mode
):
    for name in ('DISPLAY', 'WAYLAND_DISPLAY'):
        monkeypatch.delenv(name, raising=False)
    argv = [str(video if mode else photos), *mode, '--show']
    argv += ['--checkpoint', 'lost.pth', '--out', str(tmp_path / 'out')]
    assert main(['predict', *argv]) == 2
    assert 'there is no display' in capsys.readouterr().err


def test_of_broken_pictures_alone_nothing_is_done(predict, photos, capsys):
    (photos / 'b.png').write_text('no picture')
    assert predict(photos / 'b.png') == 2
    said = capsys.readouterr()
    assert (
        said.err.startswith('1 file failed, see') and 'people' not in said.out
    )
    assert predict(photos / 'b.png', photos / 'a.png') == 1
    assert '1 person in 1 picture, 0 of which' in capsys.readouterr().out
    # Nothing new is no reason to count nobody.
    assert predict(photos / 'a.png') == 0
    said = capsys.readouterr().out
    assert '1 picture done already' in said and ' in ' not in said


def test_nobody_found_has_a_code_of_its_own(predict, photos, tmp_path, capsys):
    boxes = tmp_path / 'boxes.json'
    images = [dict(id=i, file_name=name) for i, name in enumerate(NAMES)]
    boxes.write_text(json.dumps(dict(images=images, annotations=[])))
    assert predict(photos, '--overlay', '--export', 'ply', det=boxes) == 3
    assert 'nobody was found' in capsys.readouterr().err
    assert all(len(r) == 0 for r in results_in(tmp_path / 'out').values())


@pytest.fixture
def video(tmp_path):
    with OpenCVVideoWriter(tmp_path / 'v.mp4', 10) as writer:
        for grey in range(0, 120, 20):
            writer.write(np.full((64, 48, 3), grey, np.uint8))
    return tmp_path / 'v.mp4'


def test_a_video(predict, video, tmp_path):
    options = ('--track', '--smooth', 'one-euro', '--export', 'bvh')
    assert predict(video, *options, '--vertices') == 0
    found = results_in(tmp_path / 'out')
    assert len(found) == 6
    num_vertices = len(SMPL('open').v_template)
    for result in found.values():
        assert result.vertices.shape == (1, num_vertices, 3)
    # Again at another rate: nothing of the first run is left.
    again = ('--fps', 5, '--overwrite', '--overlay')
    assert predict(video, *options, *again) == 0
    out = tmp_path / 'out'
    found = results_in(out)
    assert list(found) == [f'v.mp4_{i:06d}.json' for i in (0, 2, 4)]
    track = MeshTrack.load(out / 'tracks/track_0000.npz')
    assert track.frame.tolist() == [0, 2, 4]
    for row, result in enumerate(found.values()):
        np.testing.assert_allclose(
            result.body_pose[0], track.body_pose[row], atol=1e-5
        )
    bvh = (out / 'motions/track_0000.bvh').read_text()
    assert bvh.startswith('HIERARCHY')
    assert cv2.VideoCapture(str(out / 'overlay.mp4')).read()[0]


@pytest.mark.parametrize('mode', ['--track', '--no-track'])
def test_boxes_of_frames_come_from_a_file(
    predict, video, tmp_path, capsys, mode
):
    boxes = tmp_path / 'boxes.json'
    wanted = {2: [1, 2, 30, 40], 4: [3, 2, 30, 40]}
    entries = [
        dict(image_id=f'v.mp4_{frame:06d}', bbox=box, score=0.9)
        for frame, box in wanted.items()
    ]
    boxes.write_text(json.dumps(entries))
    assert predict(video, mode, det=boxes) == 0
    found = {x.frame: x.bbox for x in results_in(tmp_path / 'out').values()}
    assert list(found) == list(range(6))
    for frame, bbox in found.items():
        (left, top, width, height) = wanted.get(frame, [0] * 4)
        expected = [[left, top, left + width, top + height]]
        assert bbox.tolist() == (expected if frame in wanted else [])
    boxes.write_text(json.dumps([entries[0] | dict(image_id='v.mp4')]))
    assert predict(video, mode, '--overwrite', det=boxes) == 2
    said = capsys.readouterr().err
    assert 'names no frame of it' in said and "'v.mp4_000000'" in said


def test_overwriting_a_video_leaves_nothing_of_other_settings(
    predict, video, tmp_path, interrupt
):
    out = tmp_path / 'out'
    assert predict(video, '--overlay', '--export', 'bvh') == 0
    assert {x.name for x in out.iterdir()} == {
        'results', 'tracks', 'motions', 'overlay.mp4', 'settings.json'
    }  # fmt: skip
    assert predict(video, '--no-track', '--overlay', '--overwrite') == 0
    frames = [f'v.mp4_{i:06d}' for i in range(6)]
    drawn = [f'overlays/{frame}.jpg' for frame in frames]
    results = [f'results/{frame}.json' for frame in frames]
    assert files_in(out) == [*drawn, *results, 'settings.json']

    interrupt('v.mp4_000004')
    code = predict(video, '--no-track', '--fps', 5, '--overwrite')
    assert code == 130
    assert files_in(out) == [results[0], results[2], 'settings.json']


def test_frames_that_a_video_lost_are_not_left(predict, video, tmp_path):
    assert predict(video) == 0
    assert len(results_in(tmp_path / 'out')) == 6
    with OpenCVVideoWriter(video, 10) as writer:
        for grey in (0, 50):
            writer.write(np.full((64, 48, 3), grey, np.uint8))
    assert predict(video) == 0
    found = results_in(tmp_path / 'out')
    assert list(found) == ['v.mp4_000000.json', 'v.mp4_000001.json']


def test_frames_without_tracks(predict, video, tmp_path):
    assert predict(video, '--no-track', '--fps', 5, '--overlay') == 0
    found = results_in(tmp_path / 'out')
    assert [x.frame for x in found.values()] == [0, 2, 4]
    assert all(x.track_id is None for x in found.values())
    assert not (tmp_path / 'out/tracks').exists()
    names = sorted(x.name for x in (tmp_path / 'out/overlays').iterdir())
    assert names == [f'v.mp4_{i:06d}.jpg' for i in (0, 2, 4)]


@pytest.mark.parametrize('mode', ['--track', '--no-track'])
def test_a_video_that_ends_early_has_the_code_of_failed_files(
    predict, tmp_path, mode
):
    path = tmp_path / 'short.avi'
    fourcc = cv2.VideoWriter_fourcc(*'MJPG')
    writer = cv2.VideoWriter(str(path), fourcc, 10, (64, 48))
    rng = np.random.default_rng(0)
    for frame in rng.integers(0, 255, (20, 48, 64, 3), np.uint8):
        writer.write(frame)
    writer.release()
    content = path.read_bytes()
    path.write_bytes(content[: len(content) // 2])
    assert predict(path, mode) == 1
    assert 0 < len(results_in(tmp_path / 'out')) < 20


@pytest.mark.parametrize('mode', ['--track', '--no-track'])
def test_what_is_no_video_is_refused_before_anything_is_written(
    predict, tmp_path, capsys, mode
):
    (tmp_path / 'v.mp4').write_text('no video')
    assert predict(tmp_path / 'v.mp4', mode) == 2
    assert 'v.mp4: found no video' in capsys.readouterr().err
    assert not (tmp_path / 'out').exists()


@pytest.mark.parametrize(
    ('argv', 'message'),
    [
        (['lost.jpg'], 'lost.jpg: no such file or folder'),
        (['https://x.org/a?b=1.jpg'], 'URLs are not read: download it first'),
        (['https://x.org/v.mp4'], 'URLs are not read: download it first'),
        (['{photos}', '--smooth', 'savgol'], '--smooth: for videos, but'),
        (['{photos}', '--fps', 5, '--no-track'], '--fps, --no-track: for vi'),
        (['{photos}/a.png', '--bbox', 100, 0, 120, 9], 'it has 36x48 px, but'),
        (['{photos}', '--bbox', 0, 0, 9, 9], 'single picture, found 4'),
        (['{photos}', '{photos}'], 'have the same name'),
        (['{photos}', '--export', 'bvh'], 'bvh is not for this input'),
        (['{photos}', 'v.mp4'], r'v.mp4: a video is predicted alone'),
        (['v.mp4', '--show'], '--show needs --no-track'),
        (['v.mp4', '--no-track', '--smooth', 'savgol'], 'leave out --no-tr'),
        (['webcam:0'], 'webcam:0: a camera needs --no-track'),
        (['webcam:63', '--no-track'], 'webcam 63'),
        (['v.mp4'], 'v.mp4: no such video'),
        (['{empty}'], 'found none'),
    ],
)
def test_wrong_usage_is_said_in_a_line(
    predict, photos, tmp_path, capsys, argv, message
):
    (tmp_path / 'empty').mkdir()
    names = dict(photos=photos, empty=tmp_path / 'empty')
    assert predict(*(str(x).format(**names) for x in argv)) == 2
    said = capsys.readouterr().err
    assert said.startswith('error: ') and message in said


def test_a_wrong_checkpoint_and_no_checkpoint(
    predict, photos, tmp_path, capsys, monkeypatch
):
    (tmp_path / 'weights.pth').write_text('none')
    assert predict(photos, '--checkpoint', tmp_path / 'weights.pth') == 2
    assert 'weights.pth is no checkpoint' in capsys.readouterr().err
    assert predict(photos, '--checkpoint', 'lost.pth') == 2
    said = capsys.readouterr().err
    assert said.startswith('error: lost.pth: no such checkpoint; give')
    # Nothing was predicted, so the folder is free for other settings.
    assert predict(photos) == 0
    monkeypatch.chdir(tmp_path)
    assert main(['predict', str(photos), '--out', 'elsewhere']) == 2
    said = capsys.readouterr().err
    assert 'give --checkpoint' in said
    assert not (tmp_path / 'elsewhere').exists()


def test_where_it_may_not_write(predict, photos, tmp_path, capsys):
    (tmp_path / 'out').write_text('a file is in the way')
    assert predict(photos) == 2
    said = capsys.readouterr().err
    assert said.startswith(f'error: {tmp_path / "out"}')
    assert 'choose another place' in said
