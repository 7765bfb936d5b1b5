# COCO-EFT, the 28,344 people of EFT's part file: nearest to table 5's 22K.
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
        ann_file='annotations/coco-eft-part_train.npz',
        data_prefix=dict(img='coco/train2014/'),
        pipeline={{_base_.train_pipeline}},
    ),
)
