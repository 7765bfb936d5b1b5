# 3DPW, all 60 sequences, for models that never saw any of them: what PARE's
# code calls the whole set.  At most 74,620 people; how many of them have a
# valid camera is not published, so no number is expected.
_base_ = './pw3d_test.py'

protocol = dict(name='pw3d_all60', expected_count=None)
