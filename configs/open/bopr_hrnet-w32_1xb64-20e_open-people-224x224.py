# BoPR with HRNet-W32 at the paper's input size, on synthetic people.  Sized
# for a GPU; on a CPU use the ResNet-18 config beside this one.  The open body
# is not SMPL: its errors are never comparable with published ones.
#
#   python tools/dataset_converters/make_open_people.py --out data/open_people \
#       --num-train 50000 --num-test 1000 --seed 0
#   tools/dist_train.sh configs/open/bopr_hrnet-w32_1xb64-20e_open-people-224x224.py 1
_base_ = ['../_base_/default_runtime.py']

input_size = (224, 224)
body_model = dict(type='GenderedSMPL', model_path='open')

model = dict(
    type='BodyMeshEstimator',
    data_preprocessor=dict(
        type='mmpose.PoseDataPreprocessor',
        mean=[123.675, 116.28, 103.53],
        std=[58.395, 57.12, 57.375],
        bgr_to_rgb=True,
    ),
    backbone=dict(
        type='mmpose.HRNet',
        extra=dict(
            stage1=dict(
                num_modules=1,
                num_branches=1,
                block='BOTTLENECK',
                num_blocks=(4,),
                num_channels=(64,),
            ),
            stage2=dict(
                num_modules=1,
                num_branches=2,
                block='BASIC',
                num_blocks=(4, 4),
                num_channels=(32, 64),
            ),
            stage3=dict(
                num_modules=4,
                num_branches=3,
                block='BASIC',
                num_blocks=(4, 4, 4),
                num_channels=(32, 64, 128),
            ),
            stage4=dict(
                num_modules=3,
                num_branches=4,
                block='BASIC',
                num_blocks=(4, 4, 4, 4),
                num_channels=(32, 64, 128, 256),
                multiscale_output=True,
            ),
        ),
    ),
    neck=dict(
        type='AttentionGuidedEncoder',
        in_channels=480,
        fusion=dict(type='HRNetFusion', in_channels=[32, 64, 128, 256]),
        loss_keypoints_2d=dict(type='Keypoints2DLoss', loss_weight=300.0),
        loss_keypoints_3d=dict(type='Keypoints3DLoss', loss_weight=300.0),
        loss_body_seg=dict(type='BodySegmentationLoss', loss_weight=60.0),
        loss_part_seg=dict(type='PartSegmentationLoss', loss_weight=60.0),
    ),
    head=dict(
        type='BARHead',
        loss_keypoints_2d=dict(type='Keypoints2DLoss', loss_weight=300.0),
        loss_keypoints_3d=dict(type='Keypoints3DLoss', loss_weight=300.0),
        loss_pose=dict(type='PoseLoss', loss_weight=60.0),
        loss_betas=dict(type='BetasLoss', loss_weight=0.06),
        loss_rel_depth=dict(type='RelativeDepthLoss', loss_weight=300.0),
        loss_camera=dict(type='CameraLoss', loss_weight=60.0),
    ),
    body_model=body_model,
    target_builder=dict(type='BodyTargetBuilder', map_size=56),
)

dataset_type = 'BodyMeshDataset'
data_root = 'data/open_people'
test_pipeline = [
    dict(type='LoadMeshImage'),
    dict(type='MeshTopdownAffine', input_size=input_size),
    dict(type='PackMeshInputs'),
]
train_pipeline = [
    dict(type='LoadMeshImage'),
    dict(type='MeshRandomFlip', prob=0.5),
    dict(type='MeshRandomBBoxTransform'),
    dict(type='MeshTopdownAffine', input_size=input_size),
    dict(type='RandomChannelGain'),
    dict(type='PackMeshInputs'),
]
train_dataloader = dict(
    batch_size=64,
    num_workers=4,
    persistent_workers=True,
    drop_last=True,
    sampler=dict(type='DefaultSampler', shuffle=True),
    dataset=dict(
        type=dataset_type,
        data_root=data_root,
        ann_file='train.npz',
        pipeline=train_pipeline,
    ),
)
val_dataloader = dict(
    batch_size=64,
    num_workers=4,
    persistent_workers=True,
    sampler=dict(type='DefaultSampler', shuffle=False),
    dataset=dict(
        type=dataset_type,
        data_root=data_root,
        ann_file='test.npz',
        test_mode=True,
        pipeline=test_pipeline,
    ),
)
test_dataloader = val_dataloader
val_evaluator = dict(type='HumanMeshMetric', body_model=body_model)
test_evaluator = val_evaluator

train_cfg = dict(by_epoch=True, max_epochs=20, val_interval=1)
val_cfg = dict()
test_cfg = dict()
optim_wrapper = dict(
    optimizer=dict(type='Adam', lr=1e-4), clip_grad=dict(max_norm=100.0)
)
param_scheduler = [
    dict(type='LinearLR', start_factor=0.05, by_epoch=False, end=50),
    dict(type='CosineAnnealingLR', T_max=20, convert_to_iter_based=True),
]
auto_scale_lr = dict(enable=False, base_batch_size=64)
