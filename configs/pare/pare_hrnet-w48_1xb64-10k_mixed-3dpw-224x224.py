# Stage 3 of 3, PARE with HRNet-W48: the mixture with 3DPW. No row of the
# paper, which has PARE with HRNet-W32 only. Not measured here: the data are
# licensed.
#
#   tools/dist_train.sh configs/pare/pare_hrnet-w48_1xb64-10k_mixed-3dpw-224x224.py 1
_base_ = [
    '../_base_/iter_based_runtime.py',
    '../_base_/models/pare_hrnet-w48.py',
    '../_base_/datasets/mixed_pw3d.py',
    '../_base_/schedules/adam_5e-5.py',
]
train_cfg = dict(
    type='ExactResumeTrainLoop', max_iters=10000, val_interval=5000
)
load_from = 'work_dirs/pare_hrnet-w48_1xb64-55k_mixed-224x224/iter_55000.pth'
visualizer = dict(model_path='data/body_models/smpl')
