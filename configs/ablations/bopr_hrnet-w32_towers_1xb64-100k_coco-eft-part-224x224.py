# Not in the paper: PARE-like convolution towers before every map.
_base_ = './bopr_hrnet-w32_1xb64-100k_coco-eft-part-224x224.py'
model = dict(neck=dict(type='TowerAttentionGuidedEncoder'))
