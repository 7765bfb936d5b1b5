import pytest

from mmbopr.webapp.typed_settings import parse_boxes, parse_camera


@pytest.mark.parametrize(
    'text, boxes',
    [
        ('', []),
        (' \n\n', []),
        ('1 2 3 4', [[1, 2, 3, 4]]),
        ('1,2, 3;4.5\n\n -5\t6 7 8e1 ', [[1, 2, 3, 4.5], [-5, 6, 7, 80]]),
    ],
)
def test_boxes(text, boxes):
    assert parse_boxes(text) == boxes


@pytest.mark.parametrize('line', ['1 2 3', '1 2 3 4 5', '1 2 3 x', 'left'])
def test_bad_boxes_name_the_line(line):
    message = f'line 3: expected four numbers.* found "{line}"'
    with pytest.raises(ValueError, match=message):
        parse_boxes(f'1 2 3 4\n\n{line}')


def test_camera():
    assert parse_camera(' ', (480, 640)) is None
    assert parse_camera('900', (480, 640)) == [900, 900, 320, 240]
    assert parse_camera('9, 8, 7, 6', (480, 640)) == [9, 8, 7, 6]


@pytest.mark.parametrize('text', ['far', '1 2', '900 px', ','])
def test_bad_camera(text):
    with pytest.raises(ValueError, match=f'Camera: .* found "{text}"'):
        parse_camera(text, (480, 640))
