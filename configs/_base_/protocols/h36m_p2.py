# Human3.6M, protocol 2: S9 and S11, camera 60457274, 14 annotated joints
# around the pelvis (SPIN).  BEDLAM takes the middle of both hips instead:
# root='mid_hip'.  PA-MPJPE, the figure that is published, does not see it.
# Boxes: 0.9 times that of the true mask.
protocol = dict(
    type='mmbopr.KeypointProtocol',
    name='h36m_p2',
    joint_set='lsp_14',
    regressor='h36m_17',
    root='pelvis',
    bbox_source='mask',
    bbox_scale=0.9,
)
