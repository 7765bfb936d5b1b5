# CLIFF (ECCV 2022) with ResNet-50; input 224 x 224 (official: 192 x 256).
_base_ = ['../architectures/cliff.py', '../backbones/resnet50.py']
model = dict(
    backbone=_base_.resnet50,
    neck=dict(type='mmpose.GlobalAveragePooling'),
)
