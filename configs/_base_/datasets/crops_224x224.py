# What the training mixtures share: how samples are made, the sources, and 3DPW
# for validation and test.  Augmentation by rotation, scaling and flipping
# (section 4), with PARE's ranges.
input_size = (224, 224)
train_pipeline = [
    dict(type='MeshRandomFlip', prob=0.5),
    dict(type='MeshRandomBBoxTransform'),
    dict(type='LoadMeshImage', reduce_for=input_size),
    dict(type='MeshTopdownAffine', input_size=input_size),
    dict(type='RandomChannelGain'),
    dict(type='PackMeshInputs'),
]
test_pipeline = [
    dict(type='LoadMeshImage'),
    dict(type='MeshTopdownAffine', input_size=input_size),
    dict(type='PackMeshInputs'),
]
# The sources, by the dataset_name that the sampler knows them by.  Part maps are
# supervised on COCO-EFT only (section 3.4).  COCO-EFT: all 79,051 people of
# EFT's file, where the paper says 74K.
coco = dict(
    type='CocoEFTMeshDataset',
    metainfo=dict(dataset_name='coco'),
    data_root='data/coco',
    ann_file='eft_train.npz',
    supervise_segmentation=True,
    pipeline=train_pipeline,
)
# The 28,344 people of EFT's part file are nearest to the 22K of table 5.
coco_part = dict(
    type='CocoEFTMeshDataset',
    metainfo=dict(dataset_name='coco_part'),
    data_root='data/coco',
    ann_file='eft_part_train.npz',
    supervise_segmentation=True,
    pipeline=train_pipeline,
)
mpii = dict(
    type='MPIIEFTMeshDataset',
    metainfo=dict(dataset_name='mpii'),
    data_root='data/mpii',
    ann_file='eft_train.npz',
    supervise_segmentation=False,
    pipeline=train_pipeline,
)
h36m = dict(
    type='Human36mMeshDataset',
    metainfo=dict(dataset_name='h36m'),
    data_root='data/h36m',
    ann_file='train.npz',
    supervise_segmentation=False,
    pipeline=train_pipeline,
)
mpi_inf_3dhp = dict(
    type='MPIINF3DHPMeshDataset',
    metainfo=dict(dataset_name='mpi_inf_3dhp'),
    data_root='data/mpi_inf_3dhp',
    ann_file='train.npz',
    supervise_segmentation=False,
    pipeline=train_pipeline,
)
pw3d = dict(
    type='PW3DMeshDataset',
    metainfo=dict(dataset_name='pw3d'),
    data_root='data/3dpw',
    ann_file='all.npz',
    subset='train',
    supervise_segmentation=False,
    pipeline=train_pipeline,
)
agora = dict(
    type='AGORAMeshDataset',
    metainfo=dict(dataset_name='agora'),
    data_root='data/agora',
    ann_file='train.npz',
    supervise_segmentation=False,
    pipeline=train_pipeline,
)
train_dataloader = dict(
    batch_size=64,
    num_workers=8,
    persistent_workers=True,
    drop_last=True,
    # What is called an epoch is 840 whole batches, also in each of up to eight
    # processes: none is dropped.
    sampler=dict(type='MixtureSampler', epoch_size=64 * 840),
    dataset=dict(type='ConcatDataset', ignore_keys=['dataset_name', 'split']),
)

val_dataloader = dict(
    batch_size=64,
    num_workers=8,
    persistent_workers=True,
    sampler=dict(type='DefaultSampler', shuffle=False),
    dataset=dict(
        type='PW3DMeshDataset',
        data_root='data/3dpw',
        ann_file='all.npz',
        subset='validation',
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
        type='PW3DMeshDataset',
        data_root='data/3dpw',
        ann_file='all.npz',
        subset='test',
        test_mode=True,
        pipeline=test_pipeline,
    ),
)
val_evaluator = dict(
    type='HumanMeshMetric',
    protocol='pw3d_val',
    body_model=dict(type='GenderedSMPL', model_path='data/body_models/smpl'),
)
test_evaluator = dict(
    type='HumanMeshMetric',
    protocol='pw3d_test',
    body_model=dict(type='GenderedSMPL', model_path='data/body_models/smpl'),
)
val_cfg = dict()
test_cfg = dict()
