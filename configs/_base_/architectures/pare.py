# PARE (ICCV 2021) without its backbone, as bopr.py.
_base_ = './estimator.py'
model = dict(
    neck=dict(
        type='PARENeck',
        loss_part_seg=dict(type='PartSegmentationLoss', loss_weight=60.0),
    ),
    head=dict(type='PAREHead'),
)
