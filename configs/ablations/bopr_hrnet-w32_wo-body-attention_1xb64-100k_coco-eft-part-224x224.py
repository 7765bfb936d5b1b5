# Not in the paper: the body reference is the plain average of the map. Not
# measured here: the data are licensed.
#
#   tools/dist_train.sh configs/ablations/bopr_hrnet-w32_wo-body-attention_1xb64-100k_coco-eft-part-224x224.py 1
_base_ = './bopr_hrnet-w32_1xb64-100k_coco-eft-part-224x224.py'
model = dict(
    neck=dict(
        type='MeanAttentionGuidedEncoder',
        loss_body_seg=dict(loss_weight=0.0),
    )
)
