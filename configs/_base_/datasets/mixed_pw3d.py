# The mixture with 3DPW, in the proportions of BEDLAM's fine-tuning.
_base_ = './crops_224x224.py'
train_dataloader = dict(
    sampler=dict(
        ratios=dict(pw3d=0.2, h36m=0.4, mpi_inf_3dhp=0.1, coco=0.2, mpii=0.1)
    ),
    dataset=dict(
        datasets=[
            _base_.pw3d,
            _base_.h36m,
            _base_.mpi_inf_3dhp,
            _base_.coco,
            _base_.mpii,
        ]
    ),
)
