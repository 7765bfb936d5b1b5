# 3DOH50K, test split, as PARE scores it: neutral ground truth from pose and
# betas, its scale left out.  Boxes: 1.2 times the height of the annotated one.
protocol = dict(
    type='mmbopr.MeshProtocol',
    name='oh50k3d_test',
    joint_set='lsp_14',
    regressor='h36m_17',
    root='pelvis',
    gt_gender='neutral',
    pve_align='none',
    bbox_source='annotated_height',
    bbox_scale=1.2,
    expected_count=1290,
)
