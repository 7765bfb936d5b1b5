# COCO-EFT.
_base_ = './crops_224x224.py'
train_dataloader = dict(
    sampler=dict(ratios=dict(coco=1.0)),
    dataset=dict(datasets=[_base_.coco]),
)
