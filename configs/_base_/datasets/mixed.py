# The mixture of the paper's four data sets: Human3.6M 0.5, MPI-INF-3DHP 0.2
# (as PARE), and 0.3 of the EFT sets by their sizes, 74K and 14K.
_base_ = './crops_224x224.py'
train_dataloader = dict(
    sampler=dict(
        ratios=dict(h36m=0.5, mpi_inf_3dhp=0.2, coco=0.252, mpii=0.048)
    ),
    dataset=dict(
        datasets=[_base_.h36m, _base_.mpi_inf_3dhp, _base_.coco, _base_.mpii]
    ),
)
