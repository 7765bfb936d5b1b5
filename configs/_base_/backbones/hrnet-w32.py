# HRNet-W32, all four maps, from weights trained for 2D pose.
hrnet = dict(
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
            num_channels=(32, 64),
        ),
        stage3=dict(
            num_modules=4,
            num_branches=3,
            block='BASIC',
            num_blocks=(4, 4, 4),
            num_channels=(32, 64, 128),
        ),
        stage4=dict(
            num_modules=3,
            num_branches=4,
            block='BASIC',
            num_blocks=(4, 4, 4, 4),
            num_channels=(32, 64, 128, 256),
            multiscale_output=True,
        ),
    ),
    # 2D pose networks have no use for the coarse outputs of the last
    # fusion: their checkpoints lack its rows 1 to 3.
    init_cfg=dict(
        type='CheckedPretrained',
        checkpoint='https://download.openmmlab.com/mmpose/v1/body_2d_keypoint/topdown_heatmap/coco/td-hm_hrnet-w32_8xb64-210e_coco-256x192-81c58e40_20220909.pth',
        prefix='backbone.',
        allow_missing=[r'stage4\.2\.fuse_layers\.[123]\..*'],
    ),
)
