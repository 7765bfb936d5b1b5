# BoPR with ResNet-50.
_base_ = './bopr_hrnet-w32.py'
model = dict(
    backbone=dict(
        _delete_=True,
        type='mmpose.ResNet',
        depth=50,
        out_indices=(0, 1, 2, 3),
        zero_init_residual=False,  # it would overwrite what is loaded
        init_cfg=dict(
            type='CheckedPretrained',
            checkpoint='https://download.openmmlab.com/mmpose/v1/body_2d_keypoint/topdown_heatmap/coco/td-hm_res50_8xb64-210e_coco-256x192-04af38ce_20220923.pth',
            prefix='backbone.',
        ),
    ),
    neck=dict(
        in_channels=256,
        fusion=dict(
            _delete_=True,
            type='LateralFusion',
            in_channels=[256, 512, 1024, 2048],
            out_channels=256,
        ),
    ),
)
