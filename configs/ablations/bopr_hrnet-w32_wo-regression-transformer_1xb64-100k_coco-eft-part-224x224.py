# Not in the paper: the regressors read the body-aware part features. Not
# measured here: the data are licensed.
#
#   tools/dist_train.sh configs/ablations/bopr_hrnet-w32_wo-regression-transformer_1xb64-100k_coco-eft-part-224x224.py 1
_base_ = './bopr_hrnet-w32_1xb64-100k_coco-eft-part-224x224.py'
model = dict(head=dict(regression_layers=0))
