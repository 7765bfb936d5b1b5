# Not in the paper: the body reference is attended to, not concatenated.
_base_ = './bopr_hrnet-w32_1xb64-100k_coco-eft-part-224x224.py'
model = dict(head=dict(type='CrossAttentionBARHead'))
