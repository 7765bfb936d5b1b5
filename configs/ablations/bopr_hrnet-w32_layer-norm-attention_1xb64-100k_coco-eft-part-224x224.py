# Not in the paper: eq. (2) by the letter, with a layer norm for the softmax.
# Not measured here: the data are licensed.
#
#   tools/dist_train.sh configs/ablations/bopr_hrnet-w32_layer-norm-attention_1xb64-100k_coco-eft-part-224x224.py 1
_base_ = './bopr_hrnet-w32_1xb64-100k_coco-eft-part-224x224.py'
model = dict(head=dict(type='LayerNormBARHead'))
