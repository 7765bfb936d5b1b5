import pickle
import pickletools

import numpy as np
import pytest
from numpy.testing import assert_array_equal

from mmbopr.utils.portable_pickle import dumps_portable, rename_numpy
from mmbopr.utils.safe_load import safe_load_pickle

CONTENT = {
    'joints': np.arange(48.0).reshape(24, 2),
    'params': {'betas': np.float32([[1, 2]]), 'pose2rot': False},
    'score': np.float64(0.5),
    'note': 'numpy._core in a text stays',
}


def names(data):
    return {
        arg for op, arg, _ in pickletools.genops(data) if op.name == 'GLOBAL'
    }


def check(content):
    assert_array_equal(content['joints'], CONTENT['joints'])
    assert_array_equal(content['params']['betas'], [[1, 2]])
    assert content['params']['betas'].dtype == np.float32
    assert content['params']['pose2rot'] is False
    assert content['score'] == 0.5 and content['note'] == CONTENT['note']


def test_content_survives(tmp_path):
    path = tmp_path / 'content.pkl'
    path.write_bytes(dumps_portable(CONTENT))
    check(safe_load_pickle(path))


@pytest.mark.parametrize('module', ['numpy._core', 'numpy.core'])
def test_either_version_of_numpy_gives_names_that_both_know(module):
    """As if written by NumPy 2 or 1, whichever is installed."""
    data = pickle.dumps(CONTENT, protocol=3)
    for name in names(data):
        old, _, function = name.partition(' ')
        new = module + '.multiarray'
        if old.endswith('.multiarray'):
            data = data.replace(
                f'c{old}\n{function}'.encode(), f'c{new}\n{function}'.encode()
            )
    assert f'{module}.multiarray scalar' in names(data)
    portable = rename_numpy(data)
    assert names(portable) == {
        'numpy.core.multiarray _reconstruct', 'numpy.core.multiarray scalar',
        'numpy ndarray', 'numpy dtype',
    }  # fmt: skip
    check(pickle.loads(portable))


def test_arrays_that_look_like_names_stay():
    text = np.frombuffer(b'cnumpy._core.multiarray\nscalar\n', np.uint8)
    assert_array_equal(pickle.loads(dumps_portable(text)), text)
