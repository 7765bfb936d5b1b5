# The part of COCO-EFT that table 5 is trained on.
_base_ = './crops_224x224.py'
train_dataloader = dict(
    sampler=dict(ratios=dict(coco_part=1.0)),
    dataset=dict(datasets=[_base_.coco_part]),
)
