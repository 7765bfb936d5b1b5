# One half AGORA, one half the mixture with 3DPW; evaluated on AGORA.
_base_ = './crops_224x224.py'
train_dataloader = dict(
    sampler=dict(
        ratios=dict(
            agora=0.5,
            pw3d=0.1,
            h36m=0.2,
            mpi_inf_3dhp=0.05,
            coco=0.1,
            mpii=0.05,
        )
    ),
    dataset=dict(
        datasets=[
            _base_.agora,
            _base_.pw3d,
            _base_.h36m,
            _base_.mpi_inf_3dhp,
            _base_.coco,
            _base_.mpii,
        ]
    ),
)
val_dataloader = dict(
    dataset=dict(
        _delete_=True,
        type='AGORAMeshDataset',
        data_root='data/agora',
        ann_file='validation.npz',
        test_mode=True,
        pipeline=_base_.test_pipeline,
    )
)
test_dataloader = val_dataloader
val_evaluator = dict(protocol='agora_val')
test_evaluator = dict(protocol='agora_val')
