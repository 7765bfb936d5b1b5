# BoPR without its backbone, and without what depends on it: the channels and the
# fusion of the backbone's maps.
_base_ = './estimator.py'
model = dict(
    neck=dict(
        type='AttentionGuidedEncoder',
        loss_keypoints_2d=dict(type='Keypoints2DLoss', loss_weight=300.0),
        loss_keypoints_3d=dict(type='Keypoints3DLoss', loss_weight=300.0),
        loss_body_seg=dict(type='BodySegmentationLoss', loss_weight=60.0),
        loss_part_seg=dict(type='PartSegmentationLoss', loss_weight=60.0),
    ),
    head=dict(
        type='BARHead',
        loss_rel_depth=dict(type='RelativeDepthLoss', loss_weight=300.0),
    ),
)
