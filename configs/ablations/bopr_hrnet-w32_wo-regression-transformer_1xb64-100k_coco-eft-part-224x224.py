# Not in the paper: the regressors read the body-aware part features.
_base_ = './bopr_hrnet-w32_1xb64-100k_coco-eft-part-224x224.py'
model = dict(head=dict(regression_layers=0))
