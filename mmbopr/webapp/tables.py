"""The numbers of a result as rows of tables."""

from typing import Any, Dict, List

import numpy as np

from mmbopr.body_models import SMPL
from mmbopr.structures import MeshResult
from mmbopr.visualization.posed_people import person_names, statures

PEOPLE_HEADERS = (
    'Person', 'Left', 'Top', 'Right', 'Bottom', 'Score',
    'cam_t x, m', 'y, m', 'z, m', 'Height, m',
)  # fmt: skip
JOINT_HEADERS = (
    'Person', 'Joint', 'x, m', 'y, m', 'z, m', 'u, px', 'v, px',
)  # fmt: skip


def people_rows(result: MeshResult, body_model: SMPL) -> List[List[Any]]:
    """A row a person.

    Args:
        result: P people.
        body_model: The body that the result belongs to.

    Returns:
        list: P rows of :data:`PEOPLE_HEADERS`: the box in pixels, the score,
        ``cam_t_full``, and the stature at rest.
    """
    heights = statures(result.betas, body_model)
    return [
        [
            name,
            *_rounded(result.bbox[person], 1),
            *_rounded(result.bbox_score[person], 2),
            *_rounded(result.cam_t_full[person], 3),
            *_rounded(heights[person], 2),
        ]
        for person, name in enumerate(person_names(result))
    ]


def joint_rows(result: MeshResult) -> List[List[Any]]:
    """A row a joint.

    Args:
        result: P people.

    Returns:
        list: 45 P rows of :data:`JOINT_HEADERS`: the joint before the full
        image's camera, and in the image.
    """
    places = result.joints + result.cam_t_full[:, None]
    return [
        [name, joint, *_rounded(place, 3), *_rounded(pixel, 1)]
        for name, joints, pixels in zip(
            person_names(result), places, result.keypoints_2d, strict=True
        )
        for joint, place, pixel in zip(
            result.joint_names, joints, pixels, strict=True
        )
    ]


def shape_table(result: MeshResult) -> Dict[str, List]:
    """The shapes, a row a person, with headers.

    Args:
        result: P people.
    """
    count = result.betas.shape[1]
    rows = zip(person_names(result), result.betas, strict=True)
    return dict(
        headers=['Person', *(f'betas {i}' for i in range(count))],
        data=[[name, *_rounded(betas, 3)] for name, betas in rows],
    )


def _rounded(values: Any, digits: int) -> List[float]:
    return np.round(np.float64(values).reshape(-1), digits).tolist()
