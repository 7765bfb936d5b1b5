"""Samples of a data set at the stages of its pipeline, to be looked at."""

from typing import Dict, Tuple

import cv2
import numpy as np

from .datasets import BodyMeshDataset
from .transforms import LoadMeshImage, MeshTopdownAffine, PackMeshInputs

_SIZE = 640  # px, longer side of a whole picture
_BOX_COLOR = (80, 230, 90)

# What ``PackMeshInputs`` gives, and pictures (H, W, 3) uint8 RGB by caption.
Sample = Tuple[dict, Dict[str, np.ndarray]]


def original_sample(dataset: BodyMeshDataset, row: int) -> Sample:
    """The whole picture with the annotated box."""
    results = LoadMeshImage().transform(dataset.get_data_info(row))
    height, width = results['ori_shape']
    centre, half = results['bbox_center'], results['bbox_scale'] / 2
    corners = np.rint(np.concatenate([centre - half, centre + half]))
    cv2.rectangle(
        results['img'],
        *corners.astype(int).tolist(),
        _BOX_COLOR,
        max(1, max(height, width) // 300),
    )
    results['bbox_center'] = np.float32([[width / 2, height / 2]])
    results['bbox_scale'] = np.float32([[width, height]])
    zoom = _SIZE / max(height, width)
    size = round(zoom * width), round(zoom * height)
    return PackMeshInputs()(MeshTopdownAffine(size)(results)), {}


def transformed_sample(dataset: BodyMeshDataset, row: int) -> Sample:
    """What the model gets."""
    return dataset[row], {}


def pipeline_sample(dataset: BodyMeshDataset, row: int) -> Sample:
    """The same, and the picture that each transform left."""
    results, pictures = dataset.get_data_info(row), {}
    for number, transform in enumerate(dataset.pipeline.transforms, 1):
        results = transform(results)
        if results is None:
            raise OSError(
                f'{dataset.ann_file}: row {row} is left out by '
                f'{type(transform).__name__}'
            )
        if 'img' in results:
            name = f'{number} {type(transform).__name__}'
            pictures[name] = np.ascontiguousarray(results['img'][..., ::-1])
    return results, pictures


# What ``tools/misc/browse_dataset.py --mode`` takes.
MODES = {
    'transformed': transformed_sample,
    'original': original_sample,
    'pipeline': pipeline_sample,
}
