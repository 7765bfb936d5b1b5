"""True perspective: the camera of the full image (CLIFF)."""

from torch import Tensor

from mmbopr.registry import TASK_UTILS
from mmbopr.structures.predictions import CropContext
from mmbopr.utils.camera import crop_intrinsics, full_image_translation

from .base_camera import BaseCamera


@TASK_UTILS.register_module()
class FullImageCamera(BaseCamera):
    """Bodies stand before the camera that took the full image.

    Supervision through it teaches rotations in that camera's frame, not in
    that of a camera turned towards the person (CLIFF, section 3).  Errors are
    measured in the crop, so that large and small people count the same.
    """

    def translation(self, cam: Tensor, crops: CropContext) -> Tensor:
        """See the base class."""
        return full_image_translation(cam, crops.bbox, crops.K)

    def intrinsics(self, crops: CropContext) -> Tensor:
        """(N, 4) intrinsics in normalised crop coordinates."""
        return crop_intrinsics(crops.K, crops.bbox)
