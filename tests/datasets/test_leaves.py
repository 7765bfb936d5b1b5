import numpy as np
import pytest
from mmengine.dataset import ConcatDataset, RepeatDataset

from mmbopr.datasets import BodyMeshDataset
from mmbopr.datasets.leaves import leaf_datasets
from mmbopr.testing.people import random_annotations


def test_data_sets_in_wrappers(tmp_path):
    np.savez(tmp_path / 'a.npz', **random_annotations(3))
    first, second = (
        BodyMeshDataset(str(tmp_path / 'a.npz')) for _ in range(2)
    )
    assert leaf_datasets(RepeatDataset(first, 2)) == [first]
    mixture = ConcatDataset([first, second])
    assert leaf_datasets(mixture) == [first, second]
    assert leaf_datasets(first) == [first]
    with pytest.raises(TypeError, match='list is no BodyMeshDataset'):
        leaf_datasets([first])
