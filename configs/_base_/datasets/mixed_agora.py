# One half AGORA, one half the mixture with 3DPW; evaluated on AGORA.
# Part maps are supervised on COCO-EFT only (section 3.4).
_base_ = './crops_224x224.py'
source = dict(
    type='BodyMeshDataset',
    data_root={{_base_.data_root}},
    pipeline={{_base_.train_pipeline}},
)
train_dataloader = dict(
    batch_size=64,
    num_workers=8,
    persistent_workers=True,
    drop_last=True,
    sampler=dict(
        type='MixtureSampler', ratios=[0.5, 0.1, 0.2, 0.05, 0.1, 0.05]
    ),
    dataset=dict(
        type='ConcatDataset',
        ignore_keys=['dataset_name', 'split'],
        datasets=[
            dict(
                **source,
                ann_file='annotations/agora_train.npz',
                data_prefix=dict(img='agora/'),
                supervise_segmentation=False,
            ),
            dict(
                **source,
                ann_file='annotations/pw3d_train.npz',
                data_prefix=dict(img='3dpw/'),
                supervise_segmentation=False,
            ),
            dict(
                **source,
                ann_file='annotations/h36m_train.npz',
                data_prefix=dict(img='h36m/'),
                supervise_segmentation=False,
            ),
            dict(
                **source,
                ann_file='annotations/mpi-inf-3dhp_train.npz',
                data_prefix=dict(img='mpi_inf_3dhp/'),
                supervise_segmentation=False,
            ),
            dict(
                **source,
                ann_file='annotations/coco-eft-all_train.npz',
                data_prefix=dict(img='coco/train2014/'),
                supervise_segmentation=True,
            ),
            dict(
                **source,
                ann_file='annotations/mpii-eft_train.npz',
                data_prefix=dict(img='mpii/images/'),
                supervise_segmentation=False,
            ),
        ],
    ),
)
val_dataloader = dict(
    dataset=dict(
        ann_file='annotations/agora_validation.npz',
        data_prefix=dict(img='agora/'),
    )
)
test_dataloader = val_dataloader
