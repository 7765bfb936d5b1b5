# COCO-EFT in CLIFF's crops: of a square box of side b they show 3/4 b x b, the
# person as large as in the official code.
_base_ = './coco_eft.py'
input_size = (192, 256)
train_pipeline = [
    dict(type='MeshRandomFlip', prob=0.5),
    dict(type='MeshRandomBBoxTransform'),
    dict(type='NarrowSquareBBox', input_size=input_size),
    dict(type='LoadMeshImage', reduce_for=input_size),
    dict(type='MeshTopdownAffine', input_size=input_size),
    dict(type='RandomChannelGain'),
    dict(type='PackMeshInputs'),
]
test_pipeline = [
    dict(type='LoadMeshImage'),
    dict(type='NarrowSquareBBox', input_size=input_size),
    dict(type='MeshTopdownAffine', input_size=input_size),
    dict(type='PackMeshInputs'),
]
train_dataloader = dict(
    dataset=dict(datasets=[dict(_base_.coco, pipeline=train_pipeline)])
)
val_dataloader = dict(dataset=dict(pipeline=test_pipeline))
test_dataloader = dict(dataset=dict(pipeline=test_pipeline))
