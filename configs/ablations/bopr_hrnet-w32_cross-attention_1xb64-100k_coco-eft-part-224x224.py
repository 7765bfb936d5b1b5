# Not in the paper: the body reference is attended to, not concatenated. Not
# measured here: the data are licensed.
#
#   tools/dist_train.sh configs/ablations/bopr_hrnet-w32_cross-attention_1xb64-100k_coco-eft-part-224x224.py 1
_base_ = './bopr_hrnet-w32_1xb64-100k_coco-eft-part-224x224.py'
model = dict(head=dict(type='CrossAttentionBARHead'))
