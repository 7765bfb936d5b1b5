# Table 5, without L_RD. The paper: MPJPE 89.0, PA-MPJPE 54.2, PVE 105.7.
# Weight 0 keeps the parameters. Not measured here: the data are licensed.
#
#   tools/dist_train.sh configs/ablations/bopr_hrnet-w32_wo-rd_1xb64-100k_coco-eft-part-224x224.py 1
_base_ = './bopr_hrnet-w32_1xb64-100k_coco-eft-part-224x224.py'
model = dict(head=dict(loss_rel_depth=dict(loss_weight=0.0)))
