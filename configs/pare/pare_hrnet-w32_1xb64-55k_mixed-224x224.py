# Stage 2 of 3, PARE: the mixture of four data sets. The paper: table 1,
# "3DPW-ALL": MPJPE 82.0, PA-MPJPE 50.9, PVE 97.9; table 4, 3DPW-OCC: 84.9,
# 57.5. Not measured here: the data are licensed.
#
#   tools/dist_train.sh configs/pare/pare_hrnet-w32_1xb64-55k_mixed-224x224.py 1
_base_ = [
    '../_base_/iter_based_runtime.py',
    '../_base_/models/pare_hrnet-w32.py',
    '../_base_/datasets/mixed.py',
    '../_base_/schedules/adam_5e-5.py',
]
train_cfg = dict(
    type='ExactResumeTrainLoop', max_iters=55000, val_interval=5000
)
load_from = (
    'work_dirs/pare_hrnet-w32_1xb64-175k_coco-eft-224x224/iter_175000.pth'
)
visualizer = dict(model_path='data/body_models/smpl')
