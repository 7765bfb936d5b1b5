# CLIFF with ResNet-50 at its own input size, for the official weights: convert them
# with tools/model_converters/cliff2mmbopr.py and test with this config.  Not
# measured here: the data are licensed.
_base_ = [
    '../_base_/iter_based_runtime.py',
    '../_base_/models/cliff_resnet50.py',
    '../_base_/datasets/coco_eft.py',
    '../_base_/schedules/adam_5e-5.py',
]
input_size = (192, 256)
model = dict(target_builder=dict(map_size=(48, 64)))
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
train_dataloader = dict(
    dataset=dict(datasets=[dict(_base_.coco, pipeline=train_pipeline)])
)
val_dataloader = dict(dataset=dict(pipeline=test_pipeline))
test_dataloader = dict(dataset=dict(pipeline=test_pipeline))
train_cfg = dict(
    type='ExactResumeTrainLoop', max_iters=175000, val_interval=5000
)
visualizer = dict(model_path='data/body_models/smpl')
