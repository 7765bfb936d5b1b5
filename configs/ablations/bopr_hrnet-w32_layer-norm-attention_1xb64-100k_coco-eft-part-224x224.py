# Not in the paper: eq. (2) by the letter, with a layer norm for the softmax.
_base_ = './bopr_hrnet-w32_1xb64-100k_coco-eft-part-224x224.py'
model = dict(head=dict(type='LayerNormBARHead'))
