# What the stages of the recipe on synthetic people share: model, sources,
# evaluation and optimiser.
input_size = (96, 96)
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
        type='mmpose.ResNet',
        depth=18,
        stem_channels=32,
        base_channels=32,
        out_indices=(0, 1, 2, 3),
    ),
    neck=dict(
        type='AttentionGuidedEncoder',
        in_channels=64,
        fusion=dict(
            type='LateralFusion',
            in_channels=[32, 64, 128, 256],
            out_channels=64,
        ),
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
    target_builder=dict(type='BodyTargetBuilder', map_size=24),
)

dataset_type = 'BodyMeshDataset'
test_pipeline = [
    dict(type='LoadMeshImage'),
    dict(type='MeshTopdownAffine', input_size=input_size),
    dict(type='PackMeshInputs'),
]
train_pipeline = [
    dict(type='LoadMeshImage'),
    dict(type='MeshRandomFlip', prob=0.5),
    # Mild: so short a training does not profit from more.
    dict(
        type='MeshRandomBBoxTransform',
        rotation_prob=0.0,
        scale_std=0.1,
        scale_range=(0.85, 1.15),
    ),
    dict(type='MeshTopdownAffine', input_size=input_size),
    dict(type='RandomChannelGain', gain=(0.8, 1.2)),
    dict(type='PackMeshInputs'),
]
# The sources; only stage 1 supervises the part maps.
wild = dict(
    type=dataset_type,
    metainfo=dict(dataset_name='wild'),
    data_root='data/open_recipe/wild',
    ann_file='train.npz',
    supervise_segmentation=False,
    pipeline=train_pipeline,
)
studio = dict(
    type=dataset_type,
    metainfo=dict(dataset_name='studio'),
    data_root='data/open_recipe/studio',
    ann_file='train.npz',
    supervise_segmentation=False,
    pipeline=train_pipeline,
)
lab = dict(
    type=dataset_type,
    metainfo=dict(dataset_name='lab'),
    data_root='data/open_recipe/lab',
    ann_file='train.npz',
    supervise_segmentation=False,
    pipeline=train_pipeline,
)
film = dict(
    type=dataset_type,
    metainfo=dict(dataset_name='film'),
    data_root='data/open_recipe/film',
    ann_file='train.npz',
    supervise_segmentation=False,
    pipeline=train_pipeline,
)
crowd = dict(
    type=dataset_type,
    metainfo=dict(dataset_name='crowd'),
    data_root='data/open_recipe/crowd',
    ann_file='train.npz',
    supervise_segmentation=False,
    pipeline=train_pipeline,
)
train_dataloader = dict(
    batch_size=16,
    num_workers=0,  # with two cores, threads serve better than a worker
    drop_last=True,
    # Whole batches, so that none is dropped and the mixture is exact.
    sampler=dict(type='MixtureSampler', epoch_size=16 * 60),
    dataset=dict(type='ConcatDataset', ignore_keys=['dataset_name', 'split']),
)
val_dataloader = dict(
    batch_size=32,
    num_workers=0,  # with two cores, threads serve better than a worker
    sampler=dict(type='DefaultSampler', shuffle=False),
    dataset=dict(
        type=dataset_type,
        data_root='data/open_recipe/film',
        ann_file='test.npz',
        test_mode=True,
        pipeline=test_pipeline,
    ),
)
test_dataloader = val_dataloader
val_evaluator = dict(type='HumanMeshMetric', body_model=body_model)
test_evaluator = val_evaluator

val_cfg = dict()
test_cfg = dict()
# From scratch and in minutes, the convolutions need a high rate.  The head does
# not stand it: its transformers collapse to one answer for everybody, and shape
# and camera, which read 3072 numbers each, jump.
optim_wrapper = dict(
    optimizer=dict(type='Adam', lr=1e-3),
    paramwise_cfg=dict(
        custom_keys={
            'head.betas': dict(lr_mult=0.05),
            'head.cam': dict(lr_mult=0.05),
            'head': dict(lr_mult=0.3),
        }
    ),
    clip_grad=dict(max_norm=100.0),
)
auto_scale_lr = dict(enable=False, base_batch_size=16)
