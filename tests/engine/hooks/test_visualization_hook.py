from types import SimpleNamespace

import cv2
import numpy as np
from mmengine.visualization import Visualizer
from mmpose.structures import PoseDataSample

import mmbopr  # noqa: F401  (repairs imports of mmpose)
from mmbopr.registry import HOOKS


class Recorder:
    """Stands in for a visualizer: remembers what it should draw."""

    def __init__(self):
        self.drawn = []

    def set_dataset_meta(self, meta):
        pass

    def add_datasample(self, name, image, data_sample, **options):
        self.drawn.append((data_sample.row, image.shape))


def test_all_people_of_every_second_batch_are_drawn(tmp_path):
    path = str(tmp_path / 'image.png')
    cv2.imwrite(path, np.zeros((4, 6, 3), np.uint8))
    Visualizer.get_instance('test_visualization_hook')
    hook = HOOKS.build(
        dict(type='MeshVisualizationHook', enable=True, interval=2)
    )
    hook._visualizer = Recorder()
    runner = SimpleNamespace(test_evaluator=SimpleNamespace(dataset_meta={}))
    rows = [
        PoseDataSample(metainfo=dict(img_path=path, row=i)) for i in range(6)
    ]
    for batch in range(3):
        samples = rows[2 * batch : 2 * batch + 2]
        hook.after_test_iter(runner, batch, None, samples)
    shape = (4, 6, 3)
    assert hook._visualizer.drawn == [(i, shape) for i in (0, 1, 4, 5)]
