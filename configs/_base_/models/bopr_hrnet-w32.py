# BoPR with HRNet-W32; widths and losses as resolved in docs/fidelity.md.
_base_ = ['../architectures/bopr.py', '../backbones/hrnet-w32.py']
model = dict(
    backbone=_base_.hrnet,
    neck=dict(
        in_channels=480,
        fusion=dict(type='HRNetFusion', in_channels=[32, 64, 128, 256]),
    ),
)
