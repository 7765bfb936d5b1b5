# CLIFF (ECCV 2022) with HRNet-W48; input 224 x 224 (official: 192 x 256).
model = dict(
    type='BodyMeshEstimator',
    data_preprocessor=dict(
        type='mmpose.PoseDataPreprocessor',
        mean=[123.675, 116.28, 103.53],
        std=[58.395, 57.12, 57.375],
        bgr_to_rgb=True,
    ),
    backbone=dict(
        type='mmpose.HRNet',
        extra=dict(
            stage1=dict(
                num_modules=1,
                num_branches=1,
                block='BOTTLENECK',
                num_blocks=(4,),
                num_channels=(64,),
            ),
            stage2=dict(
                num_modules=1,
                num_branches=2,
                block='BASIC',
                num_blocks=(4, 4),
                num_channels=(48, 96),
            ),
            stage3=dict(
                num_modules=4,
                num_branches=3,
                block='BASIC',
                num_blocks=(4, 4, 4),
                num_channels=(48, 96, 192),
            ),
            stage4=dict(
                num_modules=3,
                num_branches=4,
                block='BASIC',
                num_blocks=(4, 4, 4, 4),
                num_channels=(48, 96, 192, 384),
                multiscale_output=True,
            ),
        ),
        # 2D pose networks have no use for the coarse outputs of the last
        # fusion: their checkpoints lack its rows 1 to 3.
        init_cfg=dict(
            type='CheckedPretrained',
            checkpoint='https://download.openmmlab.com/mmpose/v1/body_2d_keypoint/topdown_heatmap/coco/td-hm_hrnet-w48_8xb32-210e_coco-256x192-0e67c616_20220913.pth',
            prefix='backbone.',
            allow_missing=[r'stage4\.2\.fuse_layers\.[123]\..*'],
        ),
    ),
    neck=dict(type='HRNetClassificationNeck', in_channels=[48, 96, 192, 384]),
    head=dict(
        type='CLIFFHead',
        loss_keypoints_2d=dict(type='Keypoints2DLoss', loss_weight=300.0),
        loss_keypoints_3d=dict(type='Keypoints3DLoss', loss_weight=300.0),
        loss_pose=dict(type='PoseLoss', loss_weight=60.0),
        loss_betas=dict(type='BetasLoss', loss_weight=0.06),
        loss_camera=dict(type='CameraLoss', loss_weight=60.0),
    ),
    body_model=dict(type='GenderedSMPL', model_path='data/body_models/smpl'),
    target_builder=dict(type='BodyTargetBuilder', map_size=56),
    camera=dict(type='FullImageCamera'),
)
