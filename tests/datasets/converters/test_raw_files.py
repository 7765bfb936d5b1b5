import json

import cv2
import numpy as np
import pytest
from PIL import Image

from mmbopr.datasets.converters import ConversionError
from mmbopr.datasets.converters.raw_files import (
    find_input,
    list_inputs,
    picture_size,
    read_json,
    take,
)

PAGE = 'https://example.org'


def test_inputs_are_found(tmp_path):
    (tmp_path / 'a/b').mkdir(parents=True)
    for name in ('2.json', '1.json', 'x.txt'):
        (tmp_path / 'a/b' / name).touch()
    assert find_input(tmp_path, 'a/b/1.json', PAGE) == tmp_path / 'a/b/1.json'
    found = list_inputs(tmp_path, 'a/b', '*.json', PAGE)
    assert [path.name for path in found] == ['1.json', '2.json']
    with pytest.raises(FileNotFoundError, match=r'b/\*\.csv: no such files'):
        list_inputs(tmp_path, 'a/b', '*.csv', PAGE)


@pytest.mark.parametrize('name', ['A/b/1.json', 'a/B/1.json', 'a/b/1.JSON'])
def test_case_is_told(tmp_path, name):
    (tmp_path / 'a/b').mkdir(parents=True)
    (tmp_path / 'a/b/1.json').touch()
    with pytest.raises(FileNotFoundError, match='upper and lower case differ'):
        find_input(tmp_path, name, PAGE)


def test_json_numbers_are_arrays(tmp_path):
    path = tmp_path / 'a.json'
    content = {
        'matrix': [[1, 2.5], [3, 4]],
        'names': ['x'],
        'people': [{'box': [1, 2, 3]}],
        'ragged': [[1], [2, 3]],
        'empty': [],
    }
    path.write_text(json.dumps(content))
    found = read_json(path)
    assert found['matrix'].dtype == np.float32
    assert found['matrix'].tolist() == content['matrix']
    assert found['people'][0]['box'].tolist() == [1, 2, 3]
    for key in ('names', 'ragged', 'empty'):
        assert found[key] == content[key]


@pytest.mark.parametrize('content', [b'{"a": [1, 2', b'', b'\xff\xfe{}'])
def test_damaged_json_is_named(tmp_path, content):
    path = tmp_path / 'a.json'
    path.write_bytes(content)
    with pytest.raises(ConversionError, match='no readable json') as error:
        read_json(path)
    assert str(path) in str(error.value)


def test_take_checks_shapes():
    record = {'a': [[1, 2], [3, 4]], 'b': 'text', 'c': [[1], [2, 3]]}
    np.testing.assert_array_equal(
        take(record, 'a', (None, 2), 'x'), record['a']
    )
    for key, shape, message in (
        ('a', (2, 3), r"x: 'a' must have shape \(2, 3\), found \(2, 2\)"),
        ('a', (None,), r"must have shape \('any',\), found \(2, 2\)"),
        ('b', (2,), "x: 'b' .* found no array of numbers"),
        ('c', (2, 2), "x: 'c' .* found no array of numbers"),
        ('d', (2,), r"x: has no 'd', only \['a', 'b', 'c'\]"),
    ):
        with pytest.raises(ConversionError, match=message):
            take(record, key, shape, 'x')
    with pytest.raises(ConversionError, match='expected named fields, found'):
        take([1], 'a', (1,), 'x')


@pytest.mark.parametrize('orientation', [1, 3, 6, 8])
def test_size_of_a_turned_picture_is_that_of_the_decoder(
    tmp_path, orientation
):
    path = tmp_path / 'a.jpg'
    exif = Image.Exif()
    exif[0x0112] = orientation
    Image.new('RGB', (40, 20)).save(path, exif=exif)
    assert picture_size(path) == cv2.imread(str(path)).shape[:2]
