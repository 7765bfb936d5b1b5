# How samples are made, and 3DPW for validation and test; training sets build
# on it.  The paper: rotation, scaling, flipping (section 4), here with PARE's
# ranges.
input_size = (224, 224)
data_root = 'data/'
train_pipeline = [
    dict(type='LoadMeshImage', reduce_for=input_size),
    dict(type='MeshRandomFlip', prob=0.5),
    dict(type='MeshRandomBBoxTransform'),
    dict(type='MeshTopdownAffine', input_size=input_size),
    dict(type='RandomChannelGain'),
    dict(type='PackMeshInputs'),
]
test_pipeline = [
    dict(type='LoadMeshImage'),
    dict(type='MeshTopdownAffine', input_size=input_size),
    dict(type='PackMeshInputs'),
]
val_dataloader = dict(
    batch_size=64,
    num_workers=8,
    persistent_workers=True,
    sampler=dict(type='DefaultSampler', shuffle=False),
    dataset=dict(
        type='BodyMeshDataset',
        data_root=data_root,
        ann_file='annotations/pw3d_validation.npz',
        data_prefix=dict(img='3dpw/'),
        test_mode=True,
        pipeline=test_pipeline,
    ),
)
test_dataloader = dict(
    batch_size=64,
    num_workers=8,
    persistent_workers=True,
    sampler=dict(type='DefaultSampler', shuffle=False),
    dataset=dict(
        type='BodyMeshDataset',
        data_root=data_root,
        ann_file='annotations/pw3d_test.npz',
        data_prefix=dict(img='3dpw/'),
        test_mode=True,
        pipeline=test_pipeline,
    ),
)
val_evaluator = dict(
    type='HumanMeshMetric',
    body_model=dict(type='GenderedSMPL', model_path='data/body_models/smpl'),
)
test_evaluator = val_evaluator
val_cfg = dict()
test_cfg = dict()
