# What all networks share: preprocessing, the terms of eq. (4) that every head is
# supervised by, bodies, targets and camera.  Weights as resolved in
# docs/fidelity.md.
model = dict(
    type='BodyMeshEstimator',
    data_preprocessor=dict(
        type='mmpose.PoseDataPreprocessor',
        mean=[123.675, 116.28, 103.53],
        std=[58.395, 57.12, 57.375],
        bgr_to_rgb=True,
    ),
    head=dict(
        loss_keypoints_2d=dict(type='Keypoints2DLoss', loss_weight=300.0),
        loss_keypoints_3d=dict(type='Keypoints3DLoss', loss_weight=300.0),
        loss_pose=dict(type='PoseLoss', loss_weight=60.0),
        loss_betas=dict(type='BetasLoss', loss_weight=0.06),
        loss_camera=dict(type='CameraLoss', loss_weight=60.0),
    ),
    body_model=dict(type='GenderedSMPL', model_path='data/body_models/smpl'),
    target_builder=dict(type='BodyTargetBuilder', map_size=56),
    camera=dict(type='CropCamera'),
)
