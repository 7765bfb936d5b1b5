import numpy as np
import pytest
import torch
from mmengine.structures import InstanceData
from mmpose.structures import PoseDataSample

from mmbopr.body_models import SMPL

# One person, upright, 3 m before a camera of 160 x 120 pixels.
UPRIGHT = torch.tensor([[torch.pi, 0.0, 0.0]])
TRANSL = torch.tensor([[0.2, 0.1, 3.0]])
K = torch.tensor([[120.0, 120.0, 80.0, 60.0]])


@pytest.fixture(scope='session')
def body():
    return SMPL('open')


@pytest.fixture
def sample(body):
    """What the estimator gives for one person."""
    posed = body(torch.zeros(1, 10), torch.zeros(1, 69), UPRIGHT)
    sample = PoseDataSample(
        metainfo=dict(
            img_path='person.png',
            pred_body_model_id=body.body_model_id,
            ori_shape=(120, 160),
            bbox_center=np.array([88.0, 64.0]),
            bbox_scale=np.array([100.0, 100.0]),
            K=K[0].numpy(),
            transl=TRANSL[0].numpy(),
        )
    )
    sample.pred_instances = InstanceData(
        vertices=posed.vertices, cam_transl_full=TRANSL, K_full=K
    )
    sample.gt_instances = InstanceData(bboxes=np.array([[38.0, 14, 138, 114]]))
    sample.gt_instance_labels = InstanceData(
        smpl_pose=torch.cat([UPRIGHT[:, None], torch.zeros(1, 23, 3)], 1),
        betas=torch.zeros(1, 10),
        gender=torch.tensor([2]),
        has_smpl=torch.tensor([True]),
    )
    return sample
