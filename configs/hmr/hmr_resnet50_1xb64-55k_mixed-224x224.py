# Stage 2 of 3, HMR as SPIN has it: the mixture of four data sets. The paper:
# table 1, "3DPW-ALL", SPIN: MPJPE 96.9, PA-MPJPE 59.2, PVE 116.4. Not
# measured here: the data are licensed.
#
#   tools/dist_train.sh configs/hmr/hmr_resnet50_1xb64-55k_mixed-224x224.py 1
_base_ = [
    '../_base_/iter_based_runtime.py',
    '../_base_/models/hmr_resnet50.py',
    '../_base_/datasets/mixed.py',
    '../_base_/schedules/adam_5e-5.py',
]
train_cfg = dict(
    type='ExactResumeTrainLoop', max_iters=55000, val_interval=5000
)
load_from = (
    'work_dirs/hmr_resnet50_1xb64-175k_coco-eft-224x224/iter_175000.pth'
)
visualizer = dict(model_path='data/body_models/smpl')
