# AGORA, validation split, one crop of the true box a person: the 24 joints of
# SMPL's tree and its vertices around the middle of both hips, neutral ground
# truth.  There is nothing to match; with detections, and with the server's F1
# and 4,010 body vertices, see mmbopr.evaluation.functional.agora.
protocol = dict(
    type='mmbopr.MeshProtocol',
    name='agora_val',
    joint_set='smpl_24',
    regressor='smpl_24',
    root='mid_hip',
    gt_gender='neutral',
    pve_align='mid_hip',
    bbox_source='ground_truth',
    bbox_scale=1.2,
)
