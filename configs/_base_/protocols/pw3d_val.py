# 3DPW, official validation split, scored as the test split.  10,858 people; how
# many of them have a valid camera is not published, so no number is expected.
_base_ = './pw3d_test.py'

protocol = dict(name='pw3d_val', expected_count=None)
