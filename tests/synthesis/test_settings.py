import re

import numpy as np
import pytest

from mmbopr.synthesis.settings import GENERATOR_VERSION, Settings, is_made

USUAL = dict(seed=11, preset='everyday', num_train=5, num_test=0)


def _write(folder, **changes):
    scalars = {**USUAL, 'generator_version': GENERATOR_VERSION, **changes}
    np.savez(folder / 'train.npz', **scalars)


def test_free_folders(tmp_path):
    assert not is_made(tmp_path, Settings(**USUAL))
    assert not is_made(tmp_path / 'new', Settings(**USUAL))


def test_same_settings_are_recognised(tmp_path):
    _write(tmp_path)
    assert is_made(tmp_path, Settings(**USUAL))


@pytest.mark.parametrize(
    'key, value',
    [('seed', 12), ('preset', 'extreme'), ('generator_version', 0)],
)
def test_other_data_set_is_an_error(tmp_path, key, value):
    _write(tmp_path, **{key: value})
    message = f'found .*{re.escape(f"{key!r}: {value!r}")}.*Delete the folder'
    with pytest.raises(FileExistsError, match=message):
        is_made(tmp_path, Settings(**USUAL))


def test_foreign_files_are_an_error(tmp_path):
    (tmp_path / 'notes.txt').write_text('mine')
    with pytest.raises(FileExistsError, match=r'no such file.*Delete'):
        is_made(tmp_path, Settings(**USUAL))


@pytest.mark.parametrize(
    'changes, message',
    [
        ({'preset': 'sport'}, "everyday.*'sport'"),
        ({'num_train': -1}, 'must not be negative'),
        ({'num_train': 0, 'num_test': 0}, 'at least one person'),
    ],
)
def test_bad_settings_are_refused(changes, message):
    with pytest.raises(ValueError, match=message):
        Settings(**{**USUAL, **changes})
