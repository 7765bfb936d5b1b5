# AGORA, test split: predictions only, the truth lies on the server.  Crops
# come from a detector; tools/agora_submission.py makes the zip from the dump.
protocol = dict(
    type='mmbopr.UnlabelledProtocol',
    name='agora_test',
    joint_set='smpl_24',
    regressor='smpl_24',
    root='mid_hip',
    bbox_source='detector',
    bbox_scale=1.2,
)
