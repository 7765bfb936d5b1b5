# CLIFF (ECCV 2022) with HRNet-W48; input 224 x 224 (official: 192 x 256).
_base_ = ['../architectures/cliff.py', '../backbones/hrnet-w48.py']
model = dict(
    backbone=_base_.hrnet,
    neck=dict(type='HRNetClassificationNeck', in_channels=[48, 96, 192, 384]),
)
