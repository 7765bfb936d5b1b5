# Not in the paper: PARE-like convolution towers before every map. Not
# measured here: the data are licensed.
#
#   tools/dist_train.sh configs/ablations/bopr_hrnet-w32_towers_1xb64-100k_coco-eft-part-224x224.py 1
_base_ = './bopr_hrnet-w32_1xb64-100k_coco-eft-part-224x224.py'
model = dict(neck=dict(type='TowerAttentionGuidedEncoder'))
