import numpy as np
import pytest

from mmbopr.datasets import BodyMeshDataset
from mmbopr.synthesis import generator
from mmbopr.synthesis.generator import make_open_people
from mmbopr.synthesis.settings import Settings

SETTINGS = Settings(seed=11, preset='everyday', num_train=33, num_test=4)


@pytest.fixture(scope='module')
def made(tmp_path_factory):
    folder = tmp_path_factory.mktemp('open') / 'people'
    assert make_open_people(folder, SETTINGS, workers=1)
    return folder


def _bytes(folder):
    return {
        str(path.relative_to(folder)): path.read_bytes()
        for path in sorted(folder.rglob('*'))
        if path.is_file()
    }


def test_bytes_do_not_depend_on_the_workers(made, tmp_path):
    assert make_open_people(tmp_path / 'again', SETTINGS, workers=2)
    first, second = _bytes(made), _bytes(tmp_path / 'again')
    assert first.keys() == second.keys()
    different = [name for name in first if first[name] != second[name]]
    assert different == []


@pytest.mark.parametrize('split, count', [('train', 33), ('test', 4)])
def test_rows_are_exactly_as_many_as_asked_for(made, split, count):
    with np.load(made / f'{split}.npz') as data:
        per_row = {k: v for k, v in data.items() if v.ndim}
        assert {len(v) for v in per_row.values()} == {count}
        assert data['preset'] == 'everyday'
        assert data['body_model_id'] == 'open-1'
        assert (data['occlusion'] <= 0.8).all()
        assert data['occlusion'].min() < 0.02
        assert (data['bbox_cs'][:, 2] >= 48).all()
        assert set(data['dataset']) == {'open_people'}
        keys = list(zip(data['frame'], data['person'], strict=True))
        assert keys == sorted(set(keys))
        images = set(data['img_path'])
    on_disk = {
        f'images/{p.name}' for p in (made / 'images').glob(f'{split}_*')
    }
    assert images == on_disk


def test_the_data_set_can_be_read(made):
    for split, count in (('train', 33), ('test', 4)):
        dataset = BodyMeshDataset(f'{split}.npz', data_root=str(made))
        assert len(dataset) == count
        assert dataset.metainfo['split'] == split


def test_splits_show_different_people(made):
    with (
        np.load(made / 'train.npz') as train,
        np.load(made / 'test.npz') as test,
    ):
        gap = train['betas'][:, None] - test['betas']
        assert np.abs(gap).max(-1).min() > 1e-3


def test_images_have_the_size_in_their_row(made):
    cv2 = pytest.importorskip('cv2')
    with np.load(made / 'test.npz') as data:
        for path, size in zip(data['img_path'], data['img_hw'], strict=True):
            image = cv2.imread(str(made / path))
            assert image.shape == (*size, 3)
            assert image.std() > 5


def test_same_data_set_is_not_made_twice(made):
    before = _bytes(made)
    assert make_open_people(made, SETTINGS) is False
    assert _bytes(made) == before


def test_other_data_set_in_the_folder_is_kept(made):
    before = _bytes(made)
    other = Settings(seed=12, preset='everyday', num_train=33, num_test=4)
    with pytest.raises(FileExistsError, match='holds something else'):
        make_open_people(made, other)
    assert _bytes(made) == before


def test_interrupted_run_leaves_nothing(tmp_path, monkeypatch):
    def interrupt(*_, **__):
        raise KeyboardInterrupt

    monkeypatch.setattr(generator, 'save_rows', interrupt)
    small = Settings(seed=0, preset='extreme', num_train=0, num_test=1)
    with pytest.raises(KeyboardInterrupt):
        make_open_people(tmp_path / 'people', small)
    assert list(tmp_path.iterdir()) == []


def test_bad_workers_are_refused(tmp_path):
    with pytest.raises(ValueError, match='at least 1, got 0'):
        make_open_people(tmp_path / 'x', SETTINGS, workers=0)
