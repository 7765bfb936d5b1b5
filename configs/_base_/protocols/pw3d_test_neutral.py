# 3DPW, official test split, its gendered parameters put into the neutral body:
# the default of PARE's code, and what HybrIK and METRO do.
_base_ = './pw3d_test.py'

protocol = dict(name='pw3d_test_neutral', gt_gender='neutral')
