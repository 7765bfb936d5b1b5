# PARE (ICCV 2021) with HRNet-W32 "-conv"; input 224 x 224.
_base_ = ['../architectures/pare.py', '../backbones/hrnet-w32.py']
model = dict(
    backbone=_base_.hrnet,
    neck=dict(
        in_channels=480,
        fusion=dict(type='HRNetFusion', in_channels=[32, 64, 128, 256]),
    ),
)
