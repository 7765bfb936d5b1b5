# BoPR with a plain ViT-B.
_base_ = '../architectures/bopr.py'
model = dict(
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
        in_channels=768,
        fusion=dict(
            type='mmpose.FeatureMapProcessor',
            scale_factor=4.0,
        ),
    ),
)
