import numpy as np

from mmbopr.datasets.transforms import AddCocoKeypoints
from mmbopr.structures import COCO_17, SPIN_49


def sample():
    keypoints = np.arange(49 * 3, dtype=np.float32).reshape(49, 3)
    return dict(
        keypoints_2d=keypoints,
        bbox_center=np.float32([[50, 60]]),
        bbox_scale=np.float32([[20, 40]]),
        sample_idx=7,
    )


def test_key_points_and_box_are_those_of_mmpose():
    results = AddCocoKeypoints()(sample())

    assert results['keypoints'].shape == (1, 17, 2)
    wrist = COCO_17.names.index('left_wrist')
    row = SPIN_49.names.index('gt_left_wrist')
    expected = sample()['keypoints_2d'][row]
    np.testing.assert_array_equal(results['keypoints'][0, wrist], expected[:2])
    assert results['keypoints_visible'][0, wrist] == expected[2]
    np.testing.assert_array_equal(results['bbox'], [[40, 40, 60, 80]])
    assert results['id'] == results['img_id'] == 7


def test_mirror_image_swaps_left_and_right():
    flip = AddCocoKeypoints()(sample())['flip_indices']

    names = COCO_17.names
    assert names[flip[names.index('left_knee')]] == 'right_knee'
    assert names[flip[names.index('nose')]] == 'nose'
