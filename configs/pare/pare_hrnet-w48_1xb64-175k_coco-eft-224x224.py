# Stage 1 of 3, PARE with HRNet-W48: COCO-EFT. No row of the paper, which has
# PARE with HRNet-W32 only. Not measured here: the data are licensed.
#
#   tools/dist_train.sh configs/pare/pare_hrnet-w48_1xb64-175k_coco-eft-224x224.py 1
_base_ = [
    '../_base_/iter_based_runtime.py',
    '../_base_/models/pare_hrnet-w48.py',
    '../_base_/datasets/coco_eft.py',
    '../_base_/schedules/adam_5e-5.py',
]
train_cfg = dict(
    type='ExactResumeTrainLoop', max_iters=175000, val_interval=5000
)
visualizer = dict(model_path='data/body_models/smpl')
