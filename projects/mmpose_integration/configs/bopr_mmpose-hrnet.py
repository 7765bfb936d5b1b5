# The backbone, its weights and its normalisation come from a 2D pose config
# of MMPose, of which nothing is repeated here; its data and
# schedule are replaced.
#
#   mim train mmpose projects/mmpose_integration/configs/bopr_mmpose-hrnet.py
_base_ = [
    'mmpose::body_2d_keypoint/topdown_heatmap/coco/td-hm_hrnet-w32_8xb64-210e_coco-256x192.py',
]
custom_imports = dict(imports=['mmbopr'], allow_failed_imports=False)

body_model = dict(type='mmbopr.GenderedSMPL', model_path='open')
keypoints_2d = dict(type='mmbopr.Keypoints2DLoss', loss_weight=300.0)
keypoints_3d = dict(type='mmbopr.Keypoints3DLoss', loss_weight=300.0)

backbone = _base_.model.backbone
# AGE reads all four resolutions, a heatmap head the finest only.
backbone.extra.stage4.multiscale_output = True
model = dict(
    _delete_=True,
    type='mmbopr.BodyMeshEstimator',
    data_preprocessor=_base_.model.data_preprocessor,
    backbone=backbone,
    neck=dict(
        type='mmbopr.AttentionGuidedEncoder',
        in_channels=480,
        fusion=dict(type='mmbopr.HRNetFusion', in_channels=[32, 64, 128, 256]),
        loss_keypoints_2d=keypoints_2d,
        loss_keypoints_3d=keypoints_3d,
    ),
    head=dict(
        type='mmbopr.BARHead',
        loss_keypoints_2d=keypoints_2d,
        loss_keypoints_3d=keypoints_3d,
        loss_pose=dict(type='mmbopr.PoseLoss', loss_weight=60.0),
        loss_betas=dict(type='mmbopr.BetasLoss', loss_weight=0.06),
        loss_rel_depth=dict(
            type='mmbopr.RelativeDepthLoss', loss_weight=300.0
        ),
        loss_camera=dict(type='mmbopr.CameraLoss', loss_weight=60.0),
    ),
    body_model=body_model,
    target_builder=dict(type='mmbopr.BodyTargetBuilder', map_size=24),
)

pipeline = [
    dict(type='mmbopr.LoadMeshImage'),
    dict(type='mmbopr.MeshTopdownAffine', input_size=(96, 96)),
    dict(type='mmbopr.PackMeshInputs'),
]
train_dataloader = dict(
    batch_size=16,
    drop_last=True,
    dataset=dict(
        _delete_=True,
        type='mmbopr.BodyMeshDataset',
        data_root='data/open_people',
        ann_file='train.npz',
        pipeline=pipeline,
    ),
)
val_dataloader = dict(
    sampler=dict(round_up=True),
    dataset=dict(
        _delete_=True,
        type='mmbopr.BodyMeshDataset',
        data_root='data/open_people',
        ann_file='test.npz',
        test_mode=True,
        pipeline=pipeline,
    ),
)
test_dataloader = val_dataloader
val_evaluator = dict(
    _delete_=True, type='mmbopr.HumanMeshMetric', body_model=body_model
)
test_evaluator = val_evaluator
default_hooks = dict(
    checkpoint=dict(save_best='mesh/PA-MPJPE', rule='less', interval=1)
)
train_cfg = dict(max_epochs=9, val_interval=3)
