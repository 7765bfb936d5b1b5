# BoPR with ResNet-50.
_base_ = ['../architectures/bopr.py', '../backbones/resnet50.py']
model = dict(
    backbone=dict(_base_.resnet50, out_indices=(0, 1, 2, 3)),
    neck=dict(
        in_channels=256,
        fusion=dict(
            type='LateralFusion',
            in_channels=[256, 512, 1024, 2048],
            out_channels=256,
        ),
    ),
)
