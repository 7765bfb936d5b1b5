"""A tiny body and packed samples to score on it."""

from types import SimpleNamespace

import numpy as np
import torch
from mmengine.structures import InstanceData
from torch import nn

import mmbopr  # noqa: F401 (repairs the import of mmpose.structures)
from mmbopr.utils.rotation import axis_angle_to_matrix

NUM_VERTICES = 48
META = dict(
    body_model_id='fake-1', dataset_name='toy', split='test', ann_file='t.npz'
)


class FakeBody(nn.Module):
    """The interface of ``GenderedSMPL``: part k turns about the origin.

    Vertex v belongs to part v % 24; the template's size depends on gender.
    """

    body_model_id = 'fake-1'

    def __init__(self):
        super().__init__()
        generator = torch.Generator().manual_seed(0)

        def constant(name, *shape):
            values = torch.randn(*shape, generator=generator)
            self.register_buffer(name, values, persistent=False)

        constant('template', NUM_VERTICES, 3)
        constant('shape_dirs', NUM_VERTICES, 3, 10)
        constant('regressor', 17, NUM_VERTICES)
        self.regressor = self.regressor.abs()
        self.regressor /= self.regressor.sum(1, keepdim=True)
        self.register_buffer('sizes', torch.tensor([1.1, 0.9, 1.0]))

    def forward(self, betas, body_pose, global_orient, gender, pose2rot):
        assert not pose2rot
        shaped = self.template + 0.05 * torch.einsum(
            'vck,nk->nvc', self.shape_dirs, betas
        )
        shaped = shaped * self.sizes[gender][:, None, None]
        local = torch.cat(
            [torch.eye(3).expand(len(betas), 1, 3, 3), body_pose], dim=1
        )
        world = global_orient @ local
        part = torch.arange(NUM_VERTICES) % 24
        vertices = torch.einsum('nvij,nvj->nvi', world[:, part], shaped)
        return SimpleNamespace(vertices=vertices)

    def joint_set(self, output, name):
        """Vertex k stands for joint k of the kinematic tree."""
        if name == 'smpl_24':
            return output.vertices[:, :24]
        assert name == 'h36m_17'
        return self.regressor @ output.vertices


def random_parameters(count, seed=0):
    """Axis-angle pose (N, 24, 3), betas (N, 10), gender (N,)."""
    rng = np.random.default_rng(seed)
    return (
        torch.from_numpy(rng.normal(0, 0.4, (count, 24, 3))).float(),
        torch.from_numpy(rng.normal(0, 1, (count, 10))).float(),
        torch.from_numpy(rng.integers(0, 3, count)),
    )


def make_samples(body, gt, pred, **changes):
    """Samples as the estimator returns them, from parameters.

    ``gt`` and ``pred`` are (pose, betas, gender) of all samples.
    """
    from mmpose.structures import PoseDataSample

    pose, betas, gender = pred
    rotmat = axis_angle_to_matrix(pose)
    output = body(betas, rotmat[:, 1:], rotmat[:, :1], gender, False)
    joints_h36m = body.joint_set(output, 'h36m_17')
    samples = []
    for i in range(len(pose)):
        sample = PoseDataSample()
        meta = dict(
            sample_idx=i,
            img_path=f'images/{i}.jpg',
            seq=f'seq_{i % 2}',
            frame=i // 2,
            person=0,
            ori_shape=(360, 480),
            bbox_center=np.float32([240, 180]),
            bbox_scale=np.float32([300, 300]),
            body_model_id='fake-1',
        )
        sample.set_metainfo({**meta, **changes})
        sample.gt_instances = InstanceData(
            occlusion=np.array([0.1 * i]),
            visible=np.arange(49)[None] % 6 != i,
        )
        sample.gt_instance_labels = InstanceData(
            smpl_pose=gt[0][i][None],
            betas=gt[1][i][None],
            gender=gt[2][i][None],
            has_smpl=torch.tensor([True]),
            keypoints_3d=gt[0][i].new_ones(1, 24, 4),
            has_keypoints_3d=torch.tensor([True]),
        )
        sample.pred_instances = InstanceData(
            vertices=output.vertices[i][None],
            joints=output.vertices[i, :45][None],
            joints_h36m=joints_h36m[i][None],
            pose_rotmat=rotmat[i][None],
            betas=betas[i][None],
            cam=torch.tensor([[0.9, 0.0, 0.1]]),
            cam_transl_full=torch.tensor([[0.1, 0.2, 5.0 + i]]),
            K_full=torch.tensor([[600.0, 600.0, 240.0, 180.0]]),
        )
        samples.append(sample)
    return samples
