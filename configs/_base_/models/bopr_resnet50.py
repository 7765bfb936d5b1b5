# BoPR with ResNet-50; widths and losses as resolved in docs/fidelity.md.
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
        out_indices=(0, 1, 2, 3),
        zero_init_residual=False,  # it would overwrite what is loaded
        init_cfg=dict(
            type='CheckedPretrained',
            checkpoint='https://download.openmmlab.com/mmpose/v1/body_2d_keypoint/topdown_heatmap/coco/td-hm_res50_8xb64-210e_coco-256x192-04af38ce_20220923.pth',
            prefix='backbone.',
        ),
    ),
    neck=dict(
        type='AttentionGuidedEncoder',
        in_channels=256,
        fusion=dict(
            type='LateralFusion',
            in_channels=[256, 512, 1024, 2048],
            out_channels=256,
        ),
        loss_keypoints_2d=dict(type='Keypoints2DLoss', loss_weight=300.0),
        loss_keypoints_3d=dict(type='Keypoints3DLoss', loss_weight=300.0),
        loss_body_seg=dict(type='BodySegmentationLoss', loss_weight=60.0),
        loss_part_seg=dict(type='PartSegmentationLoss', loss_weight=60.0),
    ),
    head=dict(
        type='BARHead',
        loss_keypoints_2d=dict(type='Keypoints2DLoss', loss_weight=300.0),
        loss_keypoints_3d=dict(type='Keypoints3DLoss', loss_weight=300.0),
        loss_pose=dict(type='PoseLoss', loss_weight=60.0),
        loss_betas=dict(type='BetasLoss', loss_weight=0.06),
        loss_rel_depth=dict(type='RelativeDepthLoss', loss_weight=300.0),
        loss_camera=dict(type='CameraLoss', loss_weight=60.0),
    ),
    body_model=dict(type='GenderedSMPL', model_path='data/body_models/smpl'),
    target_builder=dict(type='BodyTargetBuilder', map_size=56),
    camera=dict(type='CropCamera'),
)
