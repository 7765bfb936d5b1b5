# ResNet-50, its last map, from weights trained for 2D pose.
resnet50 = dict(
    type='mmpose.ResNet',
    depth=50,
    zero_init_residual=False,  # it would overwrite what is loaded
    init_cfg=dict(
        type='CheckedPretrained',
        checkpoint='https://download.openmmlab.com/mmpose/v1/body_2d_keypoint/topdown_heatmap/coco/td-hm_res50_8xb64-210e_coco-256x192-04af38ce_20220923.pth',
        prefix='backbone.',
    ),
)
