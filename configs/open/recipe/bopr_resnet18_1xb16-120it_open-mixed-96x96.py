# Stage 2 of 4: a mixture of three sources.
# The config of stage 1 says how to make the data.
#
#   python tools/train.py configs/open/recipe/bopr_resnet18_1xb16-120it_open-mixed-96x96.py
_base_ = [
    '../../_base_/iter_based_runtime.py',
    './_base_/open-people-96x96.py',
]

load_from = 'work_dirs/bopr_resnet18_1xb16-300it_open-wild-96x96/iter_300.pth'
train_dataloader = dict(
    sampler=dict(ratios=dict(studio=0.5, wild=0.3, lab=0.2)),
    dataset=dict(
        datasets=[
            _base_.studio,
            _base_.wild,
            _base_.lab,
        ]
    ),
)
train_cfg = dict(type='ExactResumeTrainLoop', max_iters=120, val_interval=120)
optim_wrapper = dict(optimizer=dict(lr=3e-4))
default_hooks = dict(checkpoint=dict(interval=30))
