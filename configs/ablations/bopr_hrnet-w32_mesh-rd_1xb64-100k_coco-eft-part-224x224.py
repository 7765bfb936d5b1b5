# Not in the paper: RD follows from the predicted mesh instead of being
# regressed.
_base_ = './bopr_hrnet-w32_1xb64-100k_coco-eft-part-224x224.py'
model = dict(
    head=dict(
        loss_rel_depth=dict(loss_weight=0.0),
        loss_mesh_rel_depth=dict(type='RelativeDepthLoss', loss_weight=300.0),
    )
)
