# What the stages of the recipe on synthetic people share beside the network: the
# sources.
_base_ = '../../_base_/bopr_resnet18_open-people-96x96.py'

# The sources; only stage 1 supervises the part maps.
wild = dict(
    type='BodyMeshDataset',
    metainfo=dict(dataset_name='wild'),
    data_root='data/open_recipe/wild',
    ann_file='train.npz',
    supervise_segmentation=False,
    pipeline=_base_.train_pipeline,
)
studio = dict(
    type='BodyMeshDataset',
    metainfo=dict(dataset_name='studio'),
    data_root='data/open_recipe/studio',
    ann_file='train.npz',
    supervise_segmentation=False,
    pipeline=_base_.train_pipeline,
)
lab = dict(
    type='BodyMeshDataset',
    metainfo=dict(dataset_name='lab'),
    data_root='data/open_recipe/lab',
    ann_file='train.npz',
    supervise_segmentation=False,
    pipeline=_base_.train_pipeline,
)
film = dict(
    type='BodyMeshDataset',
    metainfo=dict(dataset_name='film'),
    data_root='data/open_recipe/film',
    ann_file='train.npz',
    supervise_segmentation=False,
    pipeline=_base_.train_pipeline,
)
crowd = dict(
    type='BodyMeshDataset',
    metainfo=dict(dataset_name='crowd'),
    data_root='data/open_recipe/crowd',
    ann_file='train.npz',
    supervise_segmentation=False,
    pipeline=_base_.train_pipeline,
)
train_dataloader = dict(
    # Whole batches, so that none is dropped and the mixture is exact.
    sampler=dict(type='MixtureSampler', epoch_size=16 * 60),
    dataset=dict(type='ConcatDataset', ignore_keys=['dataset_name', 'split']),
)
val_dataloader = dict(dataset=dict(data_root='data/open_recipe/film'))
test_dataloader = dict(dataset=dict(data_root='data/open_recipe/film'))
