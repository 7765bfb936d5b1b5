"""Convert CLIFF's checkpoints (ResNet-50 or HRNet-W48) for ``CLIFFHead``.

Example:
    python tools/model_converters/cliff2mmbopr.py \
        data/ckpt/hr48-PA43.0_MJE69.0_MVE81.2_3dpw.pt checkpoints/cliff.pth
"""

from typing import Dict

from command import main
from conversion import Original, Rule
from spin2mmbopr import REGRESSOR
from torch import Tensor


def find_base(state: Dict[str, Tensor]) -> str:
    """The base that has the checkpoint's backbone."""
    is_hrnet = any('.stage2.' in key for key in state)
    return 'cliff_hrnet-w48' if is_hrnet else 'cliff_resnet50'


CLIFF = Original(
    name='CLIFF',
    page='https://github.com/huawei-noah/noah-research/tree/master/CLIFF',
    root='model',
    prefix='module.',
    rules=[
        REGRESSOR,
        Rule(
            r'encoder\.((incre_modules|downsamp_modules|final_layer)\..*)',
            r'neck.\1',
        ),
        Rule(r'encoder\.(.*)', r'backbone.\1'),
    ],
    find_base=find_base,
)

if __name__ == '__main__':
    main(CLIFF)
