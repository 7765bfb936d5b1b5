# Stage 1 of 4: one source, which supervises the part maps too.
#
# The recipe of the paper in small, on synthetic people: one source, a mixture,
# the mixture with a new source, and that with another one.  The open body is
# not SMPL: its errors are never comparable with published ones.
#
#   make recipe
#
# makes the data and trains the stages one after the other; the Makefile has the
# commands.  Each stage can also be trained by itself, as this one:
#
#   python tools/train.py configs/open/recipe/bopr_resnet18_1xb16-300it_open-wild-96x96.py
_base_ = [
    '../../_base_/iter_based_runtime.py',
    './_base_/open-people-96x96.py',
]

train_dataloader = dict(
    sampler=dict(ratios=dict(wild=1.0)),
    dataset=dict(datasets=[dict(_base_.wild, supervise_segmentation=True)]),
)
train_cfg = dict(type='ExactResumeTrainLoop', max_iters=300, val_interval=150)
param_scheduler = [
    dict(type='LinearLR', start_factor=0.05, by_epoch=False, end=50)
]
default_hooks = dict(checkpoint=dict(interval=50))
