"""A YOLOX that runs on onnxruntime, through rtmlib."""

from typing import List, Sequence, Tuple
from urllib.error import URLError

import numpy as np

from mmbopr.registry import TASK_UTILS
from mmbopr.structures.picture import Picture

from .base_detector import BOX_MARGIN, BaseDetector, Detections

# MMPose's YOLOX-m for people, as rtmlib names it.
_MODEL = (
    'https://download.openmmlab.com/mmpose/v1/projects/rtmposev1/onnx_sdk/'
    'yolox_m_8xb8-300e_humanart-c2c7a14a.zip'
)


@TASK_UTILS.register_module()
class RTMDetector(BaseDetector):
    """OpenMMLab's person detector without MMDetection.

    It tells no scores: all are 1.

    Args:
        onnx_model: Its file, or a URL that rtmlib downloads once.
        input_size: (h, w) of the model.
        score_thr: Least score.
        device: 'cpu', 'cuda' or 'mps'.
        margin: See the base class.

    Raises:
        ImportError: If rtmlib or onnxruntime is not installed.
        OSError: If the model cannot be downloaded.
    """

    def __init__(
        self,
        onnx_model: str = _MODEL,
        input_size: Tuple[int, int] = (640, 640),
        score_thr: float = 0.5,
        device: str = 'cpu',
        margin: float = BOX_MARGIN,
    ):
        super().__init__(margin)
        try:
            from rtmlib import YOLOX
        except ImportError as error:
            raise ImportError(
                'RTMDetector needs rtmlib and onnxruntime: run "pip install '
                'onnxruntime" and "pip install --no-deps rtmlib" (its '
                'dependencies would bring a second OpenCV)'
            ) from error
        try:
            self._yolox = YOLOX(
                onnx_model,
                model_input_size=tuple(input_size),
                score_thr=score_thr,
                backend='onnxruntime',
                device=device,
            )
        except URLError as error:
            raise OSError(
                f'{onnx_model} cannot be downloaded ({error.reason}): where '
                'there is no network, unpack it from elsewhere and give '
                "detector=dict(type='RTMDetector', onnx_model='FILE.onnx')"
            ) from error

    def detect(self, pictures: Sequence[Picture]) -> List[Detections]:
        """See the base class."""
        found = []
        for picture in pictures:
            boxes = np.float32(self._yolox(picture.img)).reshape(-1, 4)
            found.append(Detections(boxes, np.ones(len(boxes), np.float32)))
        return found
