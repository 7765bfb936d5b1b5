# Not in the paper: the body reference is the plain average of the map.
_base_ = './bopr_hrnet-w32_1xb64-100k_coco-eft-part-224x224.py'
model = dict(
    neck=dict(
        type='MeanAttentionGuidedEncoder',
        loss_body_seg=dict(loss_weight=0.0),
    )
)
