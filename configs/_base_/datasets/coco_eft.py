# COCO-EFT, all 79,051 people of EFT's file (the paper says 74K).
_base_ = './crops_224x224.py'
train_dataloader = dict(
    batch_size=64,
    num_workers=8,
    persistent_workers=True,
    drop_last=True,
    sampler=dict(type='MixtureSampler', ratios=[1.0]),
    dataset=dict(
        type='BodyMeshDataset',
        data_root={{_base_.data_root}},
        ann_file='annotations/coco-eft-all_train.npz',
        data_prefix=dict(img='coco/train2014/'),
        pipeline={{_base_.train_pipeline}},
    ),
)
