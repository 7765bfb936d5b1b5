# What trainings of the narrow ResNet-18 on synthetic people share.
_base_ = '../../_base_/architectures/bopr.py'

input_size = (96, 96)
model = dict(
    backbone=dict(
        type='mmpose.ResNet',
        depth=18,
        stem_channels=32,
        base_channels=32,
        out_indices=(0, 1, 2, 3),
    ),
    neck=dict(
        in_channels=64,
        fusion=dict(
            type='LateralFusion',
            in_channels=[32, 64, 128, 256],
            out_channels=64,
        ),
    ),
    body_model=dict(model_path='open'),
    target_builder=dict(map_size=24),
)

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
train_dataloader = dict(
    batch_size=16,
    num_workers=0,  # with two cores, threads serve better than a worker
    drop_last=True,
)
val_dataloader = dict(
    batch_size=32,
    num_workers=0,  # with two cores, threads serve better than a worker
    sampler=dict(type='DefaultSampler', shuffle=False),
    dataset=dict(
        type='BodyMeshDataset',
        ann_file='test.npz',
        test_mode=True,
        pipeline=test_pipeline,
    ),
)
test_dataloader = val_dataloader
val_evaluator = dict(
    type='HumanMeshMetric',
    body_model=dict(type='GenderedSMPL', model_path='open'),
)
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
