# BoPR with HRNet-W48.
_base_ = ['../architectures/bopr.py', '../backbones/hrnet-w48.py']
model = dict(
    backbone=_base_.hrnet,
    neck=dict(
        in_channels=720,
        fusion=dict(type='HRNetFusion', in_channels=[48, 96, 192, 384]),
    ),
)
