# BoPR with a plain ViT-B; widths and losses as resolved in docs/fidelity.md.
model = dict(
    type='BodyMeshEstimator',
    data_preprocessor=dict(
        type='mmpose.PoseDataPreprocessor',
        mean=[123.675, 116.28, 103.53],
        std=[58.395, 57.12, 57.375],
        bgr_to_rgb=True,
    ),
    backbone=dict(
        type='VisionTransformer',
        img_size=(224, 224),
        patch_size=16,
        embed_dims=768,
        depth=12,
        num_heads=12,
        feedforward_channels=3072,
        pretrained_grid=(12, 16),
        init_cfg=dict(
            type='CheckedPretrained',
            checkpoint='https://download.openmmlab.com/mmpose/v1/body_2d_keypoint/topdown_heatmap/coco/td-hm_ViTPose-base_8xb64-210e_coco-256x192-216eae50_20230314.pth',
            prefix='backbone.',
        ),
    ),
    # One map of 14 x 14, brought to the resolution of the part maps.
    neck=dict(
        type='AttentionGuidedEncoder',
        in_channels=768,
        fusion=dict(type='mmpose.FeatureMapProcessor', scale_factor=4.0),
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
