import hashlib
import json

import numpy as np
import pytest

from mmbopr.datasets import BodyMeshDataset
from mmbopr.datasets.converters import (
    ConversionError,
    KnownCount,
    PW3DConverter,
    base_converter,
    convert_dataset,
)
from mmbopr.testing.conversion import load_columns
from mmbopr.testing.miniature import make_crowd
from mmbopr.testing.miniature.pw3d import write_pw3d

SEQUENCES = ['a_b_00', 'a_c_00', 'a_d_00']


@pytest.fixture
def folder(tmp_path):
    """Three sequences of one person and two pictures each."""
    for seed, sequence in enumerate(SEQUENCES):
        crowd = make_crowd(2, 1, image_size=(64, 48), seed=seed)
        write_pw3d(tmp_path, sequence, crowd, unseen=[(0, 1)][:seed])
    return tmp_path


class Spy(PW3DConverter):
    """Remembers what it reads, and is interrupted at a sequence."""

    stop_at = ''

    def __init__(self, root, **kwargs):
        super().__init__(root, 'test', **{'partial': True, **kwargs})
        self.seen = []

    def read(self, unit):
        if unit.path.stem == self.stop_at:
            raise KeyboardInterrupt
        self.seen.append(unit.path.stem)
        return super().read(unit)


class Interrupted(Spy):
    stop_at = 'a_d_00'


def names(folder):
    return sorted(path.name for path in folder.iterdir())


def test_manifest_tells_inputs_and_counts(folder):
    assert convert_dataset(Spy(folder), folder / 'out.npz')
    manifest = json.loads((folder / 'out.json').read_text())
    assert manifest['counts'] == {
        'read': 6,
        'dropped': {'no 2D joint detected': 2},
        'rows': 4,
    }
    assert [p['rows'] for p in manifest['parts']] == [2, 1, 1]
    assert manifest['parts'][1]['dropped'] == {'no 2D joint detected': 1}
    assert manifest['parts'][0]['notes']['reprojection_px'] < 0.01
    assert manifest['page'] == PW3DConverter.page
    origin = manifest['origin']
    assert origin['split'] == 'test' and origin['body_model_id'] == 'open-1'
    assert [x['path'] for x in origin['inputs']] == [
        f'sequenceFiles/test/{sequence}.pkl' for sequence in SEQUENCES
    ]
    content = (folder / origin['inputs'][0]['path']).read_bytes()
    assert origin['inputs'][0]['size'] == len(content)
    digest = hashlib.sha256(content).hexdigest()
    assert origin['inputs'][0]['sha256'] == digest
    assert names(folder) == ['imageFiles', 'out.json', 'out.npz',
                             'sequenceFiles']  # fmt: skip


def test_smpl_files_are_in_the_manifest(tmp_path, smpl_folder):
    folder, crowd = tmp_path, make_crowd(1, 1, body_model=smpl_folder)
    write_pw3d(folder, 'a_b_00', crowd)
    convert_dataset(Spy(folder, body_model=smpl_folder), folder / 'out.npz')
    files = json.loads((folder / 'out.json').read_text())['origin'][
        'body_files'
    ]
    assert [x['path'] for x in files] == [
        'SMPL_NEUTRAL.pkl', 'SMPL_MALE.pkl', 'SMPL_FEMALE.pkl',
        'J_regressor_extra.npy',
    ]  # fmt: skip


def test_an_interrupted_conversion_goes_on(folder, capsys):
    out = folder / 'out.npz'
    with pytest.raises(KeyboardInterrupt):
        convert_dataset(Interrupted(folder), out)
    assert not out.exists() and not (folder / 'out.json').exists()
    assert names(folder / '.out.parts') == ['00000.npz', '00001.npz']
    again = Spy(folder)
    assert convert_dataset(again, out)
    assert again.seen == ['a_d_00']
    assert '2 of 3 parts are there' in capsys.readouterr().out
    assert not (folder / '.out.parts').exists()
    whole = folder / 'whole.npz'
    convert_dataset(Spy(folder), whole)
    assert out.read_bytes() == whole.read_bytes()


def test_parts_of_changed_inputs_are_made_again(folder):
    out = folder / 'out.npz'
    with pytest.raises(KeyboardInterrupt):
        convert_dataset(Interrupted(folder), out)
    other = make_crowd(2, 1, image_size=(64, 48), seed=9)
    write_pw3d(folder, 'a_c_00', other)
    again = Spy(folder)
    convert_dataset(again, out)
    assert again.seen == ['a_c_00', 'a_d_00']
    np.testing.assert_allclose(
        load_columns(out)['betas'][2], other.betas[0], atol=1e-6
    )


def test_a_write_that_fails_leaves_nothing(folder, monkeypatch):
    def broken(file, **arrays):
        file.write(b'half')
        raise OSError('disk full')

    monkeypatch.setattr(np, 'savez', broken)
    with pytest.raises(OSError, match='disk full'):
        convert_dataset(Spy(folder), folder / 'out.npz')
    monkeypatch.undo()
    assert not (folder / 'out.npz').exists()
    assert names(folder / '.out.parts') == []
    assert convert_dataset(Spy(folder), folder / 'out.npz')
    assert len(BodyMeshDataset(str(folder / 'out.npz'))) == 4


def test_processes_do_not_change_the_bytes(folder):
    one, two = folder / 'one.npz', folder / 'two.npz'
    converter = PW3DConverter(folder, 'test', partial=True)
    convert_dataset(converter, one, workers=1)
    convert_dataset(converter, two, workers=2)
    assert one.read_bytes() == two.read_bytes()


def test_errors_come_back_from_processes(folder):
    (folder / 'sequenceFiles/test/a_c_00.pkl').write_bytes(b'cut')
    converter = PW3DConverter(folder, 'test', partial=True)
    with pytest.raises(ValueError, match=r'a_c_00\.pkl cannot be read'):
        convert_dataset(converter, folder / 'out.npz', workers=2)
    assert not (folder / 'out.npz').exists()


def test_the_same_conversion_is_recognised(folder):
    out = folder / 'out.npz'
    assert convert_dataset(Spy(folder), out)
    again = Spy(folder)
    assert not convert_dataset(again, out)
    assert again.seen == []


@pytest.mark.parametrize('change', ['input', 'settings', 'manifest'])
def test_another_file_is_not_overwritten(folder, change):
    out = folder / 'out.npz'
    convert_dataset(Spy(folder), out)
    before = out.read_bytes()
    converter = Spy(folder)
    if change == 'input':
        write_pw3d(folder, 'a_e_00', make_crowd(1, 1, image_size=(64, 48)))
    elif change == 'settings':
        converter.version = 2
    else:
        (folder / 'out.json').unlink()
    with pytest.raises(FileExistsError, match='holds something else'):
        convert_dataset(converter, out)
    assert out.read_bytes() == before


@pytest.mark.parametrize(
    'content', ['{"annotations": [], "page": ""}', '[1]', '{"cut']
)
def test_a_json_of_the_manifests_name_is_not_overwritten(folder, content):
    foreign = folder / 'fits.json'
    foreign.write_text(content)
    converter = Spy(folder)
    with pytest.raises(FileExistsError) as error:
        convert_dataset(converter, folder / 'fits.npz')
    message = str(error.value)
    assert message.startswith(f'{foreign} is no manifest')
    assert 'another name or folder' in message
    assert foreign.read_text() == content and converter.seen == []
    assert names(folder) == ['fits.json', 'imageFiles', 'sequenceFiles']


def test_a_manifest_without_its_annotations_is_replaced(folder):
    out = folder / 'out.npz'
    convert_dataset(Spy(folder), out)
    write_pw3d(folder, 'a_e_00', make_crowd(1, 1, image_size=(64, 48)))
    out.unlink()
    assert convert_dataset(Spy(folder), out)
    manifest = json.loads((folder / 'out.json').read_text())
    assert manifest['counts']['read'] == 7


def test_the_name_must_be_that_of_an_npz(folder):
    with pytest.raises(ValueError, match=r'must end in \.npz'):
        convert_dataset(Spy(folder), folder / 'out')


def test_known_counts_are_asserted(folder):
    out = folder / 'out.npz'
    with pytest.raises(ConversionError) as error:
        convert_dataset(Spy(folder, partial=False), out)
    message = str(error.value)
    assert '35515 people (rows) are expected' in message
    assert 'found 4' in message and '--partial' in message
    assert not out.exists()


def test_uncertain_counts_are_logged(folder, monkeypatch):
    logged = []
    monkeypatch.setattr(
        base_converter, 'print_log', lambda text, *_: logged.append(text)
    )

    class Counted(Spy):
        known = {'test': (KnownCount('read', 7, 'hearsay', False),)}

    convert_dataset(Counted(folder, partial=False), folder / 'out.npz')
    assert logged == [
        '3dpw test: 7 people (read) are expected according to hearsay, found 6'
    ]


def test_no_person_left_is_an_error(folder):
    write_pw3d(
        folder, SEQUENCES[0], make_crowd(1, 1), unseen=[(0, 0)], split='train'
    )
    converter = PW3DConverter(folder, 'train', partial=True)
    with pytest.raises(ConversionError, match='no person is left of 1'):
        convert_dataset(converter, folder / 'out.npz')


# --- pictures
def test_missing_pictures_are_named(folder):
    picture = folder / 'imageFiles/a_c_00/image_00000.jpg'
    picture.unlink()
    with pytest.raises(FileNotFoundError) as error:
        convert_dataset(Spy(folder, partial=False), folder / 'out.npz')
    message = str(error.value)
    assert f'{picture}: not found. Get it from {PW3DConverter.page}' in message
    assert '1 of 1 pictures are missing' in message and '--partial' in message


def test_people_without_a_picture_are_counted_in_parts(folder):
    (folder / 'imageFiles/a_c_00/image_00000.jpg').unlink()
    convert_dataset(Spy(folder), folder / 'out.npz')
    counts = json.loads((folder / 'out.json').read_text())['counts']
    assert counts['dropped'] == {
        'no 2D joint detected': 2,
        'picture missing': 1,
    }
    assert counts['rows'] == 3


def test_names_that_differ_in_case_are_told(folder):
    images = folder / 'imageFiles'
    (images / 'a_b_00').rename(images / 'A_B_00')
    with pytest.raises(FileNotFoundError) as error:
        convert_dataset(Spy(folder, partial=False), folder / 'out.npz')
    assert f'but {images / "A_B_00"} is there' in str(error.value)
    assert "Rename it to 'a_b_00'" in str(error.value)


def test_a_damaged_picture_is_named(folder):
    picture = folder / 'imageFiles/a_b_00/image_00001.jpg'
    picture.write_bytes(b'not a picture')
    with pytest.raises(ConversionError, match='not a readable picture') as e:
        convert_dataset(Spy(folder), folder / 'out.npz')
    assert str(picture) in str(e.value)
