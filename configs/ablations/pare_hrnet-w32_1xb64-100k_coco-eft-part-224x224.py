# Table 5, PARE. The paper: MPJPE 91.0, PA-MPJPE 56.7, PVE 108.2 on 3DPW,
# trained on "22K" of COCO-EFT for a number of steps it does not give. Not
# measured here: the data are licensed.
#
#   tools/dist_train.sh configs/ablations/pare_hrnet-w32_1xb64-100k_coco-eft-part-224x224.py 1
_base_ = [
    '../_base_/iter_based_runtime.py',
    '../_base_/models/pare_hrnet-w32.py',
    '../_base_/datasets/coco_eft_part.py',
    '../_base_/schedules/adam_5e-5.py',
]
train_cfg = dict(
    type='ExactResumeTrainLoop', max_iters=100000, val_interval=5000
)
visualizer = dict(model_path='data/body_models/smpl')
