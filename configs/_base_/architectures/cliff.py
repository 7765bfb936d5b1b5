# CLIFF (ECCV 2022) without backbone and neck.
_base_ = './estimator.py'
model = dict(
    head=dict(type='CLIFFHead'),
    camera=dict(type='FullImageCamera'),
)
