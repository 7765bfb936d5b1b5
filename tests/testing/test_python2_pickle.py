import pickle
import pickletools

import numpy as np

from mmbopr.testing.python2_pickle import python2_dumps
from mmbopr.utils.safe_load import safe_load_pickle

CONTENT = {
    'array': np.arange(300.0),
    'names': ['m', 'f'],
    'text': 'x' * 300,
    'numbers': (1, 2.5, None),
}


def test_strings_are_those_of_python_2(tmp_path):
    data = python2_dumps(CONTENT)
    codes = {code.name for code, _, _ in pickletools.genops(data)}
    assert 'SHORT_BINSTRING' in codes and 'BINSTRING' in codes
    assert not any('UNICODE' in code or 'BYTES' in code for code in codes)
    path = tmp_path / 'a.pkl'
    path.write_bytes(data)
    for found in (
        safe_load_pickle(path),
        pickle.loads(data, encoding='latin1'),
    ):
        np.testing.assert_array_equal(found['array'], CONTENT['array'])
        for key in ('names', 'text', 'numbers'):
            assert found[key] == CONTENT[key]


def test_another_encoding_cannot_read_the_arrays():
    # The mistake that converters must not make.
    try:
        pickle.loads(python2_dumps(CONTENT))
    except UnicodeDecodeError:
        return
    raise AssertionError('arrays of bytes above 127 were read as ASCII')
