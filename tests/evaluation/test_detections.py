import json

import numpy as np

from mmbopr.evaluation.detections import read_detections


def test_centres_and_scores_by_picture(tmp_path):
    path = tmp_path / 'det.json'
    path.write_text(
        json.dumps(
            [
                dict(file_name='in/a.png', bbox=[10, 20, 30, 40], score=0.9),
                dict(image_id='b.png', bbox=[0, 0, 1, 1], score=1),
                dict(file_name='a.png', bbox=[1, 2, 3, 5], score=0.25),
            ]
        )
    )
    found = read_detections(path)
    assert found.keys() == {'a.png', 'b.png'}
    np.testing.assert_allclose(found['a.png'].centres, [[25, 40], [2.5, 4.5]])
    assert found['a.png'].scores.tolist() == [0.9, 0.25]
    assert found['b.png'].centres.tolist() == [[0.5, 0.5]]
