# MPI-INF-3DHP, test split: 17 annotated joints around the pelvis; MPJPE,
# PA-MPJPE, PCK at 150 mm and AUC without Procrustes (MMHuman3D).  2,929 frames
# are valid.
protocol = dict(
    type='mmbopr.KeypointProtocol',
    name='mpi_inf_3dhp_test',
    joint_set='j17',
    regressor='h36m_17',
    root='pelvis',
    bbox_source='keypoints_2d',
    bbox_scale=1.2,
    expected_count=2929,
)
