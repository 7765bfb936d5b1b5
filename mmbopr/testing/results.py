"""Results of an inference that did not take place."""

import numpy as np
import torch

from mmbopr.body_models import SMPL
from mmbopr.structures.mesh_result import MeshResult
from mmbopr.utils.camera import perspective_project


def make_result(
    people: int = 1, *, seed: int = 0, with_vertices: bool = False, **fields
) -> MeshResult:
    """People of the open body in random poses before a 640 x 480 camera.

    Args:
        people: How many.
        seed: Of poses and shapes.
        with_vertices: Whether the result holds the meshes.
        **fields: Of ``MeshResult``, in place of those made here.

    Returns:
        MeshResult: Joints, key points and boxes agree with the parameters,
        those among ``fields`` too.
    """
    rng = np.random.default_rng(seed)
    K = torch.tensor([800.0, 800.0, 320.0, 240.0])
    nearest, farthest = [-0.8, -0.2, 4.0], [0.8, 0.2, 7.0]
    params = dict(
        betas=rng.normal(size=(people, 10)),
        body_pose=rng.normal(scale=0.2, size=(people, 69)),
        global_orient=rng.normal([np.pi, 0, 0], 0.3, (people, 3)),
        cam_t_full=rng.uniform(nearest, farthest, (people, 3)),
    )
    params |= {name: fields[name] for name in params.keys() & fields.keys()}
    params = {k: torch.tensor(np.array(v)).float() for k, v in params.items()}
    transl = params.pop('cam_t_full')
    body = SMPL('open')
    posed = body(**params)
    rows = K.expand(people, 4)
    corners = perspective_project(posed.vertices + transl[:, None], rows)
    made = dict(
        img_path='photo.jpg',
        img_shape=(480, 640),
        body_model_id=body.body_model_id,
        K=K,
        **params,
        cam_t_full=transl,
        joints=posed.joints,
        keypoints_2d=perspective_project(posed.joints + transl[:, None], rows),
        bbox=torch.cat([corners.amin(1), corners.amax(1)], 1),
        bbox_score=torch.ones(people),
        vertices=posed.vertices if with_vertices else None,
    )
    return MeshResult(**made | fields)
