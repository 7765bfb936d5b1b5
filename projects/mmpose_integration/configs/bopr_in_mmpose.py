# A plain MMPose config (scope, runtime and tools are MMPose's) whose neck,
# head, data set and metric are mmbopr's.
#
#   python tools/dataset_converters/make_open_people.py --out data/open_people \
#       --num-train 3000 --num-test 400 --seed 0
#   mim train mmpose projects/mmpose_integration/configs/bopr_in_mmpose.py
_base_ = ['mmpose::_base_/default_runtime.py']
# MMPose is imported with or without the compiled part of mmcv.
custom_imports = dict(imports=['mmbopr'], allow_failed_imports=False)

body_model = dict(type='mmbopr.GenderedSMPL', model_path='open')
keypoints_2d = dict(type='mmbopr.Keypoints2DLoss', loss_weight=300.0)
keypoints_3d = dict(type='mmbopr.Keypoints3DLoss', loss_weight=300.0)

model = dict(
    type='mmbopr.BodyMeshEstimator',
    data_preprocessor=dict(
        type='PoseDataPreprocessor',
        mean=[123.675, 116.28, 103.53],
        std=[58.395, 57.12, 57.375],
        bgr_to_rgb=True,
    ),
    backbone=dict(type='ResNet', depth=18, out_indices=(0, 1, 2, 3)),
    neck=dict(
        type='mmbopr.AttentionGuidedEncoder',
        in_channels=64,
        fusion=dict(
            type='mmbopr.LateralFusion',
            in_channels=[64, 128, 256, 512],
            out_channels=64,
        ),
        loss_keypoints_2d=keypoints_2d,
        loss_keypoints_3d=keypoints_3d,
        loss_body_seg=dict(
            type='mmbopr.BodySegmentationLoss', loss_weight=60.0
        ),
        loss_part_seg=dict(
            type='mmbopr.PartSegmentationLoss', loss_weight=60.0
        ),
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
    num_workers=2,
    persistent_workers=True,
    drop_last=True,
    sampler=dict(type='DefaultSampler', shuffle=True),
    dataset=dict(
        type='mmbopr.BodyMeshDataset',
        data_root='data/open_people',
        ann_file='train.npz',
        pipeline=pipeline,
    ),
)
val_dataloader = dict(
    batch_size=32,
    num_workers=2,
    persistent_workers=True,
    sampler=dict(type='DefaultSampler', shuffle=False),
    dataset=dict(
        type='mmbopr.BodyMeshDataset',
        data_root='data/open_people',
        ann_file='test.npz',
        test_mode=True,
        pipeline=pipeline,
    ),
)
test_dataloader = val_dataloader
val_evaluator = dict(type='mmbopr.HumanMeshMetric', body_model=body_model)
test_evaluator = val_evaluator
default_hooks = dict(
    checkpoint=dict(save_best='mesh/PA-MPJPE', rule='less', interval=1)
)

train_cfg = dict(by_epoch=True, max_epochs=9, val_interval=3)
optim_wrapper = dict(
    optimizer=dict(type='Adam', lr=3e-4), clip_grad=dict(max_norm=100.0)
)
