import errno

import pytest

from mmbopr.utils.atomic import check_writable, replace_when_complete


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


def test_where_it_cannot_be_written_another_place_is_asked_for(tmp_path):
    (tmp_path / 'taken').write_text('')
    path = tmp_path / 'taken' / 'numbers.json'
    with pytest.raises(OSError, match='choose another place') as caught:
        with replace_when_complete(path) as temporary:
            temporary.write_text('1')
    assert caught.value.filename == str(path)
    assert (tmp_path / 'taken').read_text() == ''


def test_early_is_asked_whether_it_can_be_written(tmp_path):
    path = tmp_path / 'new/x.txt'
    check_writable(path)
    assert list(path.parent.iterdir()) == []
    path.write_text('before')
    check_writable(path)
    assert path.read_text() == 'before'
    with pytest.raises(OSError, match='choose another place') as caught:
        check_writable(path / 'y.txt')
    assert caught.value.filename == str(path / 'y.txt')
    with pytest.raises(IsADirectoryError, match='name a file'):
        check_writable(tmp_path)


def test_a_full_disk_is_said_of_the_file(tmp_path):
    path = tmp_path / 'numbers.json'
    with pytest.raises(OSError, match=r'cannot write here.*numbers\.json'):
        with replace_when_complete(path):
            raise OSError(errno.ENOSPC, 'No space left on device')


def test_errors_about_other_files_stay_as_they_are(tmp_path):
    with pytest.raises(FileNotFoundError) as caught:
        with replace_when_complete(tmp_path / 'numbers.json'):
            (tmp_path / 'lost').read_text()
    assert caught.value.filename == str(tmp_path / 'lost')
