"""Data sets inside wrappers and mixtures."""

from typing import List

from .datasets import BodyMeshDataset


def leaf_datasets(dataset) -> List[BodyMeshDataset]:
    """The annotated data sets inside wrappers and mixtures.

    Args:
        dataset: A ``BodyMeshDataset``, or what holds some in ``datasets`` or
            ``dataset``, at any depth.

    Raises:
        TypeError: If there is another data set among them.
    """
    if isinstance(dataset, BodyMeshDataset):
        return [dataset]
    if hasattr(dataset, 'datasets'):
        return [x for d in dataset.datasets for x in leaf_datasets(d)]
    if hasattr(dataset, 'dataset'):
        return leaf_datasets(dataset.dataset)
    raise TypeError(
        f'{type(dataset).__name__} is no BodyMeshDataset and has none in it'
    )
