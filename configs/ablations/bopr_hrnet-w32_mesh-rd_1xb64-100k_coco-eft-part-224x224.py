# Not in the paper: RD follows from the predicted mesh instead of being
# regressed. Not measured here: the data are licensed.
#
#   tools/dist_train.sh configs/ablations/bopr_hrnet-w32_mesh-rd_1xb64-100k_coco-eft-part-224x224.py 1
_base_ = './bopr_hrnet-w32_1xb64-100k_coco-eft-part-224x224.py'
model = dict(
    head=dict(
        loss_rel_depth=dict(loss_weight=0.0),
        loss_mesh_rel_depth=dict(type='RelativeDepthLoss', loss_weight=300.0),
    )
)
