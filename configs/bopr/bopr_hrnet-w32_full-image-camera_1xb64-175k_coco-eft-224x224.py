# Beyond the paper: BoPR supervised through the camera of the full image, as
# CLIFF is. Give K with the data where it is known. Not measured here: the
# data are licensed.
#
#   tools/dist_train.sh configs/bopr/bopr_hrnet-w32_full-image-camera_1xb64-175k_coco-eft-224x224.py 1
_base_ = './bopr_hrnet-w32_1xb64-175k_coco-eft-224x224.py'
model = dict(camera=dict(type='FullImageCamera'))
