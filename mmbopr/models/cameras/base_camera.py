"""What every camera of a crop can do."""

from abc import ABCMeta, abstractmethod

from torch import Tensor

from mmbopr.structures.predictions import CropContext
from mmbopr.utils.camera import perspective_project


class BaseCamera(metaclass=ABCMeta):
    """A reading of the camera (s, tx, ty) that a head regresses."""

    @abstractmethod
    def translation(self, cam: Tensor, crops: CropContext) -> Tensor:
        """Place bodies.

        Args:
            cam: (N, 3) as (s, tx, ty).
            crops: What the crops show.

        Returns:
            Tensor: (N, 3) translation in metres, in this camera's frame.
        """

    @abstractmethod
    def intrinsics(self, crops: CropContext) -> Tensor:
        """(N, 4) intrinsics in normalised crop coordinates."""

    def project(
        self, points: Tensor, cam: Tensor, crops: CropContext
    ) -> Tensor:
        """Project body points into their crops.

        Args:
            points: (N, P, 3) from the body's origin, camera axes, metres.
            cam: (N, 3) as (s, tx, ty).
            crops: What the crops show.

        Returns:
            Tensor: (N, P, 2) normalised crop coordinates (x right, y down).
        """
        points = points + self.translation(cam, crops)[:, None]
        return perspective_project(points, self.intrinsics(crops))
