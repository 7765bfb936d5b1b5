from dataclasses import replace
from types import SimpleNamespace

import cv2
import numpy as np
import pytest

from mmbopr.body_models import SMPL
from mmbopr.testing.results import make_result


@pytest.fixture(scope='session')
def write_frames():
    """Write a video, nearly lossless: every frame a JPEG picture."""

    def write(path, frames, fps=25):
        fourcc = cv2.VideoWriter_fourcc(*'MJPG')
        size = frames[0].shape[1::-1]
        writer = cv2.VideoWriter(str(path), fourcc, fps, size)
        for frame in frames:
            writer.write(frame)
        writer.release()
        return path

    return write


@pytest.fixture(scope='session')
def body():
    return SMPL('open')


class JitteryInferencer:
    """Finds two still people in every frame, a little wrong each time.

    Frames 3 to 5 show only the first; frame 8 also a shadow.
    """

    def __init__(self, body):
        self.model = SimpleNamespace(body_model=SimpleNamespace(neutral=body))
        self.people = make_result(3, seed=1)
        self.calls = []

    def stream(self, pictures, **kwargs):
        self.calls.append(kwargs)
        for picture in pictures:
            yield self.result_of(picture.frame, picture.path)

    def result_of(self, frame, path='v.avi'):
        seen = [0] if frame in (3, 4, 5) else [1, 0]
        seen = [*seen, 2] if frame == 8 else seen
        rng = np.random.default_rng(frame)
        rows = {k: v[seen] for k, v in self.people.arrays().items()}
        rows['body_pose'] = rng.normal(rows['body_pose'], 0.05)
        rows['cam_t_full'] = rng.normal(rows['cam_t_full'], 0.02)
        rows['betas'] = rng.normal(rows['betas'], 0.1)
        rows['bbox_score'] = np.where(np.array(seen) == 2, 0.3, 0.9)
        return replace(self.people, img_path=path, frame=frame, **rows)


@pytest.fixture(scope='module')
def inferencer(body):
    return JitteryInferencer(body)
