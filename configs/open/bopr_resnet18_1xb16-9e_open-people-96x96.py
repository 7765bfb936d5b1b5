# BoPR with a narrow ResNet-18 on synthetic people: trains on two CPU cores in
# a few minutes.  The open body is not SMPL: its errors are comparable with
# each other, never with published ones.
#
#   make demo
#   python tools/dataset_converters/make_open_people.py --out data/open_people \
#       --num-train 3000 --num-test 400 --seed 0
#   python tools/train.py configs/open/bopr_resnet18_1xb16-9e_open-people-96x96.py
_base_ = [
    '../_base_/default_runtime.py',
    './_base_/bopr_resnet18_open-people-96x96.py',
]

data_root = 'data/open_people'
train_dataloader = dict(
    sampler=dict(type='DefaultSampler', shuffle=True),
    dataset=dict(
        type='BodyMeshDataset',
        data_root=data_root,
        ann_file='train.npz',
        pipeline=_base_.train_pipeline,
    ),
)
val_dataloader = dict(dataset=dict(data_root=data_root))
test_dataloader = dict(dataset=dict(data_root=data_root))

train_cfg = dict(by_epoch=True, max_epochs=9, val_interval=3)
param_scheduler = [
    dict(type='LinearLR', start_factor=0.05, by_epoch=False, end=100),
    dict(type='CosineAnnealingLR', T_max=9, convert_to_iter_based=True),
]
