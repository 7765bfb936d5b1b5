"""With stand-ins for the packages, which bring large models."""

import sys
from types import ModuleType
from urllib.error import URLError

import numpy as np
import pytest

from mmbopr.detection import MMDetDetector, RTMDetector
from mmbopr.structures.picture import Picture

PICTURES = [
    Picture(np.zeros((9, 9, 3), np.uint8), 'nobody.jpg'),
    Picture(np.ones((9, 9, 3), np.uint8), 'somebody.jpg'),
]
BOXES = [[1.0, 2.0, 3.0, 4.0], [5.0, 6.0, 7.0, 8.0]]


class YOLOX:
    def __init__(self, onnx_model, **options):
        self.options = options

    def __call__(self, img):
        return np.array(BOXES) if img.any() else np.array([])


class DetInferencer:
    def __init__(self, *args, **options):
        pass

    def __call__(self, inputs, batch_size):
        empty = dict(bboxes=[], scores=[], labels=[])
        full = dict(
            bboxes=[*BOXES, BOXES[0]], scores=[0.9, 0.2, 0.9], labels=[0, 0, 3]
        )
        return dict(predictions=[full if x.any() else empty for x in inputs])


@pytest.fixture
def module_with(monkeypatch):
    def install(name, cls):
        module = ModuleType(name)
        setattr(module, cls.__name__, cls)
        monkeypatch.setitem(sys.modules, name, module)

    return install


def test_rtmlib(module_with):
    module_with('rtmlib', YOLOX)
    detector = RTMDetector('model.onnx', score_thr=0.4)
    assert detector._yolox.options['score_thr'] == 0.4
    nobody, people = detector.detect(PICTURES)
    assert nobody.boxes.shape == (0, 4)
    assert people.boxes.tolist() == BOXES and people.scores.tolist() == [1, 1]


def test_without_a_network_the_model_has_to_be_given(module_with):
    class Offline:
        def __init__(self, *args, **options):
            raise URLError('no route')

    module_with('rtmlib', type('YOLOX', (Offline,), {}))
    message = r'https://.*\.zip cannot be downloaded \(no route\).*FILE'
    with pytest.raises(OSError, match=message):
        RTMDetector()


def test_mmdet_keeps_people_that_it_is_sure_of(module_with):
    module_with('mmdet', type('Package', (), {}))
    module_with('mmdet.apis', DetInferencer)
    nobody, people = MMDetDetector().detect(PICTURES)
    assert nobody.boxes.shape == (0, 4)
    assert people.boxes.tolist() == BOXES[:1]
