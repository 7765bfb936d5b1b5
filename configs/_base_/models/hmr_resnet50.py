# HMR in SPIN's form, with ResNet-50; input 224 x 224.
_base_ = ['../architectures/estimator.py', '../backbones/resnet50.py']
model = dict(
    backbone=_base_.resnet50,
    neck=dict(type='mmpose.GlobalAveragePooling'),
    head=dict(type='HMRHead'),
)
