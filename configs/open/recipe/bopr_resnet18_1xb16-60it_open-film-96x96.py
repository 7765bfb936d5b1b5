# Stage 3 of 4: the mixture, and a new source at 0.2.
# The config of stage 1 says how to make the data.
#
#   python tools/train.py configs/open/recipe/bopr_resnet18_1xb16-60it_open-film-96x96.py
_base_ = [
    '../../_base_/iter_based_runtime.py',
    './_base_/open-people-96x96.py',
]

load_from = 'work_dirs/bopr_resnet18_1xb16-120it_open-mixed-96x96/iter_120.pth'
train_dataloader = dict(
    sampler=dict(ratios=dict(studio=0.4, wild=0.24, lab=0.16, film=0.2)),
    dataset=dict(
        datasets=[
            _base_.studio,
            _base_.wild,
            _base_.lab,
            _base_.film,
        ]
    ),
)
train_cfg = dict(type='ExactResumeTrainLoop', max_iters=60, val_interval=60)
optim_wrapper = dict(optimizer=dict(lr=3e-4))
default_hooks = dict(checkpoint=dict(interval=30))
