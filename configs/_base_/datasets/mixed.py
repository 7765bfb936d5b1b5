# The mixture of the paper's four data sets: Human3.6M 0.5, MPI-INF-3DHP 0.2
# (as PARE), and 0.3 of the EFT sets by their sizes, 74K and 14K.
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
    sampler=dict(type='MixtureSampler', ratios=[0.5, 0.2, 0.252, 0.048]),
    dataset=dict(
        type='ConcatDataset',
        ignore_keys=['dataset_name', 'split'],
        datasets=[
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
