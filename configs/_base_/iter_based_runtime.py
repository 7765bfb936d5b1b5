# The default runtime, counting in iterations: for configs whose train_cfg is an
# ExactResumeTrainLoop and whose sampler is a MixtureSampler.
_base_ = ['./default_runtime.py']

default_hooks = dict(checkpoint=dict(by_epoch=False, interval=1000))
log_processor = dict(by_epoch=False)
# An endless epoch: average batch-norm statistics before every checkpoint, too.
custom_hooks = [dict(type='IterSyncBuffersHook')]
