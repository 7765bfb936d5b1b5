"""From the estimator's samples to results in the full picture."""

from itertools import islice
from typing import Iterable, List, NamedTuple, Optional

import numpy as np
import torch
from mmpose.structures import PoseDataSample

from mmbopr.detection import Detections
from mmbopr.structures.mesh_result import MeshResult
from mmbopr.structures.picture import Picture
from mmbopr.utils.camera import default_intrinsics, perspective_project
from mmbopr.utils.rotation import matrix_to_axis_angle

from .people_batches import PeopleBatch


class Recovery(NamedTuple):
    """A picture, who was found in it, and the estimator's answer.

    Attributes:
        picture: The picture.
        detections: P people.
        samples: What ``predict`` of the estimator returned for each.
        K: (4,) the camera, if it is known.
        body_model_id: Of the estimator.
    """

    picture: Picture
    detections: Detections
    samples: List[PoseDataSample]
    K: Optional[np.ndarray]
    body_model_id: str

    def to_result(self, return_vertices: bool = False) -> MeshResult:
        """The people in the full picture.

        Args:
            return_vertices: Whether the result holds the meshes.
        """
        img, path, frame = self.picture
        size = img.shape[:2]
        return MeshResult(
            img_path=path,
            img_shape=size,
            body_model_id=self.body_model_id,
            frame=frame,
            K=self._intrinsics(size),
            bbox=self.detections.boxes,
            bbox_score=self.detections.scores,
            **self._people(return_vertices),
        )

    def _intrinsics(self, size) -> np.ndarray:
        if self.K is not None:
            return self.K
        height, width = size
        return default_intrinsics(torch.tensor([[width, height]]).float())[0]

    def _people(self, return_vertices: bool) -> dict:
        """Arrays of the result with one row a person."""
        names = ('global_orient', 'body_pose', 'betas', 'cam_t_full')
        if not self.samples:
            names += ('joints', 'keypoints_2d') + (
                'vertices',
            ) * return_vertices
            return dict.fromkeys(names, ())
        people = [sample.pred_instances for sample in self.samples]

        def rows(name):
            return torch.cat([person[name] for person in people])

        pose = matrix_to_axis_angle(rows('pose_rotmat'))
        joints, transl = rows('joints'), rows('cam_transl_full')
        return dict(
            global_orient=pose[:, 0],
            body_pose=pose[:, 1:].flatten(1),
            betas=rows('betas'),
            cam_t_full=transl,
            joints=joints,
            keypoints_2d=perspective_project(
                joints + transl[:, None], rows('K_full')
            ),
            vertices=rows('vertices') if return_vertices else None,
        )


def by_picture(
    batch: PeopleBatch, samples: Iterable[PoseDataSample], body_model_id: str
) -> List[Recovery]:
    """Sort what the estimator said of a batch's people by picture.

    Args:
        batch: The batch.
        samples: One a person, in the order of its crops.
        body_model_id: Of the estimator.
    """
    samples = iter(samples)
    return [
        Recovery(
            picture,
            found,
            list(islice(samples, len(found))),
            batch.K,
            body_model_id,
        )
        for picture, found in zip(
            batch.pictures, batch.detections, strict=True
        )
    ]
