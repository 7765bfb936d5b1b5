# PARE (ICCV 2021) with HRNet-W48 "-conv"; input 224 x 224.
_base_ = ['../architectures/pare.py', '../backbones/hrnet-w48.py']
model = dict(
    backbone=_base_.hrnet,
    neck=dict(
        in_channels=720,
        fusion=dict(type='HRNetFusion', in_channels=[48, 96, 192, 384]),
    ),
)
