# Not in the paper: RD is regressed, and the predicted mesh is held to it too.
# Not measured here: the data are licensed.
#
#   tools/dist_train.sh configs/ablations/bopr_hrnet-w32_both-rd_1xb64-100k_coco-eft-part-224x224.py 1
_base_ = './bopr_hrnet-w32_1xb64-100k_coco-eft-part-224x224.py'
model = dict(
    head=dict(
        loss_mesh_rel_depth=dict(type='RelativeDepthLoss', loss_weight=300.0),
    )
)
