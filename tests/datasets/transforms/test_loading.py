import cv2
import numpy as np
import pytest

from mmbopr.datasets import AnnotationError, LoadMeshImage
from mmbopr.datasets.transforms import loading
from mmbopr.testing.dots import draw_dots, find_dot


@pytest.fixture
def jpeg(tmp_path):
    rng = np.random.default_rng(0)
    img = cv2.resize(
        rng.integers(0, 256, (9, 12, 3), np.uint8),
        (643, 481),
        interpolation=cv2.INTER_CUBIC,
    )
    path = str(tmp_path / 'a.jpg')
    cv2.imwrite(path, img)
    return path


def info_of(path, side=1000.0):
    return dict(
        img_path=path,
        sample_idx=17,
        ori_shape=(481, 643),
        bbox_scale=np.full((1, 2), side, np.float32),
    )


def test_loads_what_cv2_loads(jpeg):
    results = LoadMeshImage()(info_of(jpeg))
    np.testing.assert_array_equal(results['img'], cv2.imread(jpeg))
    assert results['img_shape'] == results['ori_shape'] == (481, 643)
    assert results['img_reduction'] == 1
    assert LoadMeshImage()(dict(img_path=jpeg))['ori_shape'] == (481, 643)


def test_given_image_is_used():
    img = np.zeros((5, 7, 3), np.uint8)
    results = LoadMeshImage()(dict(img=img))
    assert results['img'] is img
    assert results['ori_shape'] == (5, 7)


@pytest.mark.parametrize(
    ('side', 'reduction'),
    [(447, 1), (448, 2), (895, 2), (896, 4), (1792, 8), (9000, 8)],
)
def test_reduction_follows_the_box(jpeg, side, reduction):
    load = LoadMeshImage(reduce_for=(224, 224))
    results = load(info_of(jpeg, side))
    assert results['img_reduction'] == reduction
    assert results['ori_shape'] == (481, 643)
    shape = (-(-481 // reduction), -(-643 // reduction), 3)
    assert results['img'].shape == shape


def test_only_jpeg_is_reduced(tmp_path, jpeg):
    path = str(tmp_path / 'a.png')
    cv2.imwrite(path, cv2.imread(jpeg))
    results = LoadMeshImage(reduce_for=(224, 224))(info_of(path, 9000))
    assert results['img'].shape == (481, 643, 3)


@pytest.mark.parametrize('side', [500, 1000, 2000])
def test_reduced_decoding_keeps_geometry(tmp_path, side):
    path = str(tmp_path / 'dots.jpg')
    points = np.array([[100.3, 90.0], [500.0, 70.9], [333.3, 401.2]])
    img = draw_dots(points, np.full((3, 3), 250), (643, 481), 12)
    cv2.imwrite(path, img, [cv2.IMWRITE_JPEG_QUALITY, 100])
    results = LoadMeshImage(reduce_for=(224, 224))(info_of(path, side))
    k = results['img_reduction']
    assert k > 1
    for point in points:
        found, _ = find_dot(results['img'], point / k, 60 / k)
        assert np.abs(found * k - point).max() < 0.1


@pytest.mark.parametrize('content', [None, b'', b'\xff\xd8 cut', b'text'])
def test_unreadable_image(tmp_path, content, monkeypatch):
    path = tmp_path / 'a.jpg'
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(OSError, match='row 17') as info:
        LoadMeshImage()(info_of(str(path)))
    assert str(path) in str(info.value)
    assert "on_error='skip'" in str(info.value)
    messages = []
    monkeypatch.setattr(
        loading, 'print_log', lambda text, **kwargs: messages.append(text)
    )
    load = LoadMeshImage('skip')
    assert load(info_of(str(path))) is None
    assert load(info_of(str(path))) is None
    assert '1 so far' in messages[0]
    assert '2 so far' in messages[1]
    assert str(path) in messages[1]


@pytest.mark.parametrize('side', [100, 1000])
def test_size_must_be_that_of_the_annotations(jpeg, side):
    info = info_of(jpeg, side) | dict(ori_shape=(962, 1286))
    with pytest.raises(AnnotationError, match='1286x962 px') as error:
        LoadMeshImage('skip', reduce_for=(224, 224))(info)
    assert jpeg in str(error.value)
    assert 'row 17' in str(error.value)


def test_arguments_and_repr():
    with pytest.raises(ValueError, match='on_error'):
        LoadMeshImage('ignore')
    assert repr(LoadMeshImage(reduce_for=(224, 224))) == (
        "LoadMeshImage(on_error='raise', reduce_for=(224, 224))"
    )
