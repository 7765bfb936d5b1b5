# Table 5, without L_2D, read as the auxiliary term. The paper: MPJPE 90.6,
# PA-MPJPE 54.8, PVE 107.2. Weight 0 keeps the parameters. Not measured here:
# the data are licensed.
#
#   tools/dist_train.sh configs/ablations/bopr_hrnet-w32_wo-aux-2d_1xb64-100k_coco-eft-part-224x224.py 1
_base_ = './bopr_hrnet-w32_1xb64-100k_coco-eft-part-224x224.py'
model = dict(neck=dict(loss_keypoints_2d=dict(loss_weight=0.0)))
