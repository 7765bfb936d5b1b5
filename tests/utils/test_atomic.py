import pytest

from mmbopr.utils.atomic import replace_when_complete


def test_the_file_appears_when_it_is_complete(tmp_path):
    path = tmp_path / 'new' / 'numbers.json'
    with replace_when_complete(path) as temporary:
        temporary.write_text('1')
        assert not path.exists()
    assert path.read_text() == '1'
    assert [x.name for x in path.parent.iterdir()] == ['numbers.json']


def test_an_error_leaves_what_was_there_before(tmp_path):
    path = tmp_path / 'numbers.json'
    path.write_text('old')
    with pytest.raises(KeyError), replace_when_complete(str(path)) as file:
        file.write_text('half')
        raise KeyError
    assert path.read_text() == 'old'
    assert list(tmp_path.iterdir()) == [path]
