# A head of this project in place of BoPR's, on synthetic people.
#
#   PYTHONPATH=. python tools/train.py projects/example_project/configs/example-head_resnet18_1xb16-9e_open-people-96x96.py
_base_ = ['../../../configs/open/bopr_resnet18_1xb16-9e_open-people-96x96.py']
custom_imports = dict(
    imports=['projects.example_project.models'], allow_failed_imports=False
)

model = dict(
    head=dict(
        _delete_=True,
        type='ExampleHead',
        hidden_channels=256,
        loss_keypoints_2d=dict(type='Keypoints2DLoss', loss_weight=300.0),
        loss_keypoints_3d=dict(type='Keypoints3DLoss', loss_weight=300.0),
        loss_pose=dict(type='PoseLoss', loss_weight=60.0),
        loss_betas=dict(type='BetasLoss', loss_weight=0.06),
        loss_camera=dict(type='CameraLoss', loss_weight=60.0),
    )
)
