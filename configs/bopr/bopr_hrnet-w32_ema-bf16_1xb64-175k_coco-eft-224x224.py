# Beyond the paper: bfloat16, with the memory order that suits it, and evaluation
# of averaged weights. Not measured here: the data are licensed.
#
#   tools/dist_train.sh configs/bopr/bopr_hrnet-w32_ema-bf16_1xb64-175k_coco-eft-224x224.py 1
_base_ = './bopr_hrnet-w32_1xb64-175k_coco-eft-224x224.py'
model = dict(channels_last=True)
optim_wrapper = dict(type='BFloat16OptimWrapper')
custom_hooks = [
    dict(type='IterSyncBuffersHook'),
    dict(type='EMAHook', momentum=2e-4),
]
