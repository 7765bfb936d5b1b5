# BoPR with HRNet-W32 at the paper's input size, on synthetic people.  Sized
# for a GPU; on a CPU use the ResNet-18 config beside this one.  The open body
# is not SMPL: its errors are never comparable with published ones.
#
#   python tools/dataset_converters/make_open_people.py --out data/open_people \
#       --num-train 50000 --num-test 1000 --seed 0
#   tools/dist_train.sh configs/open/bopr_hrnet-w32_1xb64-20e_open-people-224x224.py 1
_base_ = [
    '../_base_/default_runtime.py',
    '../_base_/models/bopr_hrnet-w32.py',
]

input_size = (224, 224)
body_model = dict(type='GenderedSMPL', model_path='open')
model = dict(
    backbone=dict(init_cfg=None),  # from scratch
    body_model=body_model,
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
