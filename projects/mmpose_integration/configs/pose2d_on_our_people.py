# A 2D pose network of MMPose, trained and evaluated on a data set of ours.
# Its checkpoint then initialises BoPR's backbone:
#   --cfg-options model.backbone.init_cfg.checkpoint=work_dirs/.../epoch_20.pth
#
#   mim train mmpose projects/mmpose_integration/configs/pose2d_on_our_people.py
_base_ = [
    'mmpose::body_2d_keypoint/topdown_heatmap/coco/td-hm_hrnet-w32_8xb64-210e_coco-256x192.py',
]
custom_imports = dict(imports=['mmbopr'], allow_failed_imports=False)

codec = _base_.codec
model = dict(test_cfg=dict(flip_test=False))
train_pipeline = [
    dict(type='LoadImage'),
    dict(type='mmbopr.AddCocoKeypoints'),
    dict(type='RandomFlip', direction='horizontal'),
    dict(type='RandomBBoxTransform'),
    dict(type='TopdownAffine', input_size=codec['input_size']),
    dict(type='GenerateTarget', encoder=codec),
    dict(type='PackPoseInputs'),
]
test_pipeline = [
    dict(type='LoadImage'),
    dict(type='mmbopr.AddCocoKeypoints'),
    dict(type='TopdownAffine', input_size=codec['input_size']),
    dict(type='PackPoseInputs'),
]
train_dataloader = dict(
    batch_size=32,
    dataset=dict(
        _delete_=True,
        type='mmbopr.BodyMeshDataset',
        data_root='data/open_people',
        ann_file='train.npz',
        pipeline=train_pipeline,
    ),
)
val_dataloader = dict(
    dataset=dict(
        _delete_=True,
        type='mmbopr.BodyMeshDataset',
        data_root='data/open_people',
        ann_file='test.npz',
        test_mode=True,
        pipeline=test_pipeline,
    ),
)
test_dataloader = val_dataloader
val_evaluator = dict(_delete_=True, type='PCKAccuracy', thr=0.05)
test_evaluator = val_evaluator
default_hooks = dict(
    checkpoint=dict(save_best='PCK', rule='greater', interval=1)
)
train_cfg = dict(max_epochs=20, val_interval=5)
