import sys

import numpy as np
import pytest

from mmbopr.detection import (
    DETECTORS,
    HOGDetector,
    WholeImageDetector,
    build_detector,
)
from mmbopr.structures.picture import Picture


def test_detectors_come_by_name_config_and_as_they_are(tmp_path):
    assert type(build_detector('hog')) is HOGDetector
    config = dict(type='mmbopr.HOGDetector', score_thr=0.9)
    detector = build_detector(config)
    assert detector.score_thr == 0.9
    assert build_detector(detector) is detector
    (tmp_path / 'a.json').write_text('[]')
    assert build_detector(str(tmp_path / 'a.json')).path.name == 'a.json'


def test_an_unknown_name_lists_the_known(tmp_path):
    with pytest.raises(ValueError, match=r"no detector 'yolo'.*hog.*whole"):
        build_detector('yolo')
    with pytest.raises(FileNotFoundError):
        build_detector(str(tmp_path / 'lost.json'))


def test_the_whole_picture_is_one_person():
    pictures = [Picture(np.zeros((6, 8, 3), np.uint8), 'a.jpg')]
    (found,) = WholeImageDetector().detect(pictures)
    assert found.boxes.tolist() == [[0, 0, 8, 6]]
    assert WholeImageDetector().margin == 1


@pytest.mark.parametrize('module', ['rtmlib', 'mmdet'])
def test_what_is_not_installed_says_how_to_get_it(monkeypatch, module):
    monkeypatch.setitem(sys.modules, module, None)
    monkeypatch.setitem(sys.modules, f'{module}.apis', None)
    name = {'rtmlib': 'rtm', 'mmdet': 'mmdet'}[module]
    assert name in DETECTORS
    with pytest.raises(ImportError, match='pip install'):
        build_detector(name)
