# 3DPW-OCC: the occluded sequences of all splits (Zhang et al., CVPR 2020; the
# list of PARE and ROMP), for models that never saw 3DPW.  At most 20,997
# people; how many of them have a valid camera is not published.
_base_ = './pw3d_test.py'

protocol = dict(
    name='pw3d_occ',
    expected_count=None,
    sequences=[
        'courtyard_backpack',
        'courtyard_basketball',
        'courtyard_bodyScannerMotions',
        'courtyard_box',
        'courtyard_golf',
        'courtyard_jacket',
        'courtyard_laceShoe',
        'downtown_stairs',
        'flat_guitar',
        'flat_packBags',
        'outdoors_climbing',
        'outdoors_crosscountry',
        'outdoors_fencing',
        'outdoors_freestyle',
        'outdoors_golf',
        'outdoors_parcours',
        'outdoors_slalom',
    ],
)
