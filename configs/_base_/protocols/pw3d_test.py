# 3DPW, official test split, as SPIN and PARE score it: 14 joints of the H36M
# regressor around its pelvis, ground truth of each person's own gender,
# vertices compared without alignment.  Boxes: 1.2 times the longer side of
# the 2D key points'.  35,515 people have a valid camera.
#
# Other conventions, under names of their own: pw3d_test_neutral; the pelvis
# taken off the vertices (BEDLAM) is pve_align='pelvis'; VIBE and TCMR leave
# out frames and score 34,561.
protocol = dict(
    type='mmbopr.MeshProtocol',
    name='pw3d_test',
    joint_set='lsp_14',
    regressor='h36m_17',
    root='pelvis',
    gt_gender='row',
    pve_align='none',
    bbox_source='keypoints_2d',
    bbox_scale=1.2,
    expected_count=35515,
)
