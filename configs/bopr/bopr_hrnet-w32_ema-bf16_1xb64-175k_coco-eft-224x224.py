# Beyond the paper: bfloat16, and evaluation of averaged weights. Not measured
# here: the data are licensed.
#
#   tools/dist_train.sh configs/bopr/bopr_hrnet-w32_ema-bf16_1xb64-175k_coco-eft-224x224.py 1
_base_ = './bopr_hrnet-w32_1xb64-175k_coco-eft-224x224.py'
optim_wrapper = dict(type='BFloat16OptimWrapper')
custom_hooks = [
    dict(type='SyncBuffersHook'),
    dict(type='EMAHook', momentum=2e-4),
]
