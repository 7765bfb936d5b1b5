# CLIFF with ResNet-50 at its own input size, for the official weights: convert
# them with tools/model_converters/cliff2mmbopr.py and test with this config.
# No row of the paper. Not measured here: the data are licensed.
#
#   tools/dist_test.sh configs/cliff/cliff_resnet50_1xb64-175k_coco-eft-256x192.py cliff.pth 1
#   tools/dist_train.sh configs/cliff/cliff_resnet50_1xb64-175k_coco-eft-256x192.py 1
_base_ = [
    '../_base_/iter_based_runtime.py',
    '../_base_/models/cliff_resnet50.py',
    '../_base_/datasets/crops_256x192.py',
    '../_base_/schedules/adam_5e-5.py',
]
model = dict(target_builder=dict(map_size=(48, 64)))
train_cfg = dict(
    type='ExactResumeTrainLoop', max_iters=175000, val_interval=5000
)
visualizer = dict(model_path='data/body_models/smpl')
