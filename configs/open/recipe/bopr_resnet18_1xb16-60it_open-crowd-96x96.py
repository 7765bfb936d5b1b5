# Stage 4 of 4: half a new source, half the mixture of stage 3.
# The config of stage 1 says how to make the data.
#
#   python tools/train.py configs/open/recipe/bopr_resnet18_1xb16-60it_open-crowd-96x96.py
_base_ = [
    '../../_base_/iter_based_runtime.py',
    './_base_/open-people-96x96.py',
]

load_from = 'work_dirs/bopr_resnet18_1xb16-60it_open-film-96x96/iter_60.pth'
train_dataloader = dict(
    sampler=dict(
        ratios=dict(studio=0.2, wild=0.12, lab=0.08, film=0.1, crowd=0.5)
    ),
    dataset=dict(
        datasets=[
            _base_.studio,
            _base_.wild,
            _base_.lab,
            _base_.film,
            _base_.crowd,
        ]
    ),
)
val_dataloader = dict(dataset=dict(data_root='data/open_recipe/crowd'))
test_dataloader = val_dataloader
train_cfg = dict(type='ExactResumeTrainLoop', max_iters=60, val_interval=60)
optim_wrapper = dict(optimizer=dict(lr=3e-4))
default_hooks = dict(checkpoint=dict(interval=30))
