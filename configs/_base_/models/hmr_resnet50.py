# HMR in SPIN's form, with ResNet-50; input 224 x 224.
model = dict(
    type='BodyMeshEstimator',
    data_preprocessor=dict(
        type='mmpose.PoseDataPreprocessor',
        mean=[123.675, 116.28, 103.53],
        std=[58.395, 57.12, 57.375],
        bgr_to_rgb=True,
    ),
    backbone=dict(
        type='mmpose.ResNet',
        depth=50,
        zero_init_residual=False,  # it would overwrite what is loaded
        init_cfg=dict(
            type='CheckedPretrained',
            checkpoint='https://download.openmmlab.com/mmpose/v1/body_2d_keypoint/topdown_heatmap/coco/td-hm_res50_8xb64-210e_coco-256x192-04af38ce_20220923.pth',
            prefix='backbone.',
        ),
    ),
    neck=dict(type='mmpose.GlobalAveragePooling'),
    head=dict(
        type='HMRHead',
        loss_keypoints_2d=dict(type='Keypoints2DLoss', loss_weight=300.0),
        loss_keypoints_3d=dict(type='Keypoints3DLoss', loss_weight=300.0),
        loss_pose=dict(type='PoseLoss', loss_weight=60.0),
        loss_betas=dict(type='BetasLoss', loss_weight=0.06),
        loss_camera=dict(type='CameraLoss', loss_weight=60.0),
    ),
    body_model=dict(type='GenderedSMPL', model_path='data/body_models/smpl'),
    target_builder=dict(type='BodyTargetBuilder', map_size=56),
    camera=dict(type='CropCamera'),
)
