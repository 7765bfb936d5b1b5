# Stage 4 of 4, BoPR with HRNet-W48: AGORA and the mixture. The paper: table
# 2, AGORA test: MPJPE 79.9, MVE 74.5. Not measured here: the data are
# licensed.
#
#   tools/dist_train.sh configs/bopr/bopr_hrnet-w48_1xb64-20k_mixed-agora-224x224.py 1
_base_ = [
    '../_base_/iter_based_runtime.py',
    '../_base_/models/bopr_hrnet-w48.py',
    '../_base_/datasets/mixed_agora.py',
    '../_base_/schedules/adam_5e-5.py',
]
train_cfg = dict(
    type='ExactResumeTrainLoop', max_iters=20000, val_interval=5000
)
load_from = (
    'work_dirs/bopr_hrnet-w48_1xb64-10k_mixed-3dpw-224x224/iter_10000.pth'
)
visualizer = dict(model_path='data/body_models/smpl')
