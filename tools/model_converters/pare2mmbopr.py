"""Convert PARE's checkpoint (HRNet-W32 "-conv") for ``PAREHead``.

Example:
    python tools/model_converters/pare2mmbopr.py \
        data/pare/checkpoints/pare_w_3dpw_checkpoint.ckpt checkpoints/pare.pth
"""

from typing import Dict

import torch
from command import main
from conversion import Original, Rule
from torch import Tensor

from mmbopr.structures import NUM_PARTS

_UPSAMPLING = ('upsample', 'conv', 'bn', 'relu')  # layers of one step
_BRANCH = ('conv', 'bn', 'relu')


def upsampling(match) -> str:
    """``upsample_stage_S.I``: stage S is branch S - 1."""
    stage, index, rest = match.groups()
    step, layer = divmod(int(index), len(_UPSAMPLING))
    branch = int(stage) - 1
    return f'neck.fusion.branches.{branch}.{step}.{_UPSAMPLING[layer]}.{rest}'


def tower(name: str):
    """Layers of one of the two branches."""

    def target(match) -> str:
        index, rest = match.groups()
        step, layer = divmod(int(index), len(_BRANCH))
        return f'neck.{name}.{step}.{_BRANCH[layer]}.{rest}'

    return target


def part_major(weight: Tensor) -> Tensor:
    """Reorder inputs (channels x parts) to (parts x channels)."""
    weight = weight.unflatten(1, (-1, NUM_PARTS))
    return weight.transpose(1, 2).flatten(1)


def part_wise(weight: Tensor) -> Tensor:
    """(1, D, C, K, 1, 1) of a locally connected layer to (K, C, D)."""
    return weight[0, ..., 0, 0].permute(2, 1, 0)


def find_base(state: Dict[str, Tensor]) -> str:
    """The base, if it is PARE as released.

    Raises:
        ValueError: If attention has another temperature than 1.
    """
    temperature = state.get('head.temperature', torch.ones(()))
    if temperature != 1:
        raise ValueError(
            f'head.temperature is {temperature.item()}: PARENeck attends with '
            'temperature 1, that of the released PARE'
        )
    return 'pare_hrnet-w32'


PARE = Original(
    name='PARE',
    page='https://github.com/mkocabas/PARE',
    root='state_dict',
    prefix='model.',
    # Body models and losses of the Lightning module.
    beside=r'(smpl\w*|J_regressor\w*|loss_fn|criterion)(\..*)?',
    rules=[
        Rule(
            r'backbone\.final_layer\..*', None, reason='2D heat maps, unused'
        ),
        Rule(r'backbone\.upsample_stage_(\d)\.(\d+)\.(.*)', upsampling),
        Rule(r'backbone\..*', r'\g<0>'),
        Rule(
            r'head\.keypoint_deconv_layers\.(\d+)\.(.*)',
            tower('segmentation_tower'),
        ),
        Rule(r'head\.smpl_deconv_layers\.(\d+)\.(.*)', tower('part_features')),
        Rule(r'head\.keypoint_final_layer\.(.*)', r'neck.part_attention.\1'),
        Rule(
            r'head\.smpl_final_layer\.(.*)',
            r'head.cam_shape_projection.\1',
            torch.squeeze,
        ),
        Rule(r'head\.pose_mlp\.weight', 'head.pose.weight', part_wise),
        Rule(r'head\.shape_mlp\.weight', 'head.betas.weight', part_major),
        Rule(r'head\.shape_mlp\.bias', 'head.betas.bias'),
        Rule(r'head\.cam_mlp\.weight', 'head.cam.weight', part_major),
        Rule(r'head\.cam_mlp\.bias', 'head.cam.bias'),
        Rule(r'head\.temperature', None, reason='is 1'),
        Rule(r'head\.init_\w+', None, reason='start of an iteration not made'),
        Rule(r'smpl\..*', None, reason='SMPL: read from your own files'),
    ],
    find_base=find_base,
    added={'head.pose.bias': torch.zeros(NUM_PARTS, 6)},
)

if __name__ == '__main__':
    main(PARE)
