"""What a dump takes over from data samples and annotation columns."""

from typing import Any, Dict, Mapping, Optional, Sequence

import numpy as np
import torch
from torch import Tensor

from mmbopr.structures import (
    J17,
    J17_FROM_J24,
    J24_IN_SPIN_49,
    JOINT_SETS,
    NEUTRAL,
)

_J17_IN_SPIN_49 = np.array(J24_IN_SPIN_49)[list(J17_FROM_J24)]


def visible_joints(
    visible: np.ndarray, joint_set: str
) -> Optional[np.ndarray]:
    """Visibility of the joints that a protocol compares.

    Args:
        visible: (..., 49) bool, of SPIN-49.
        joint_set: Its name.

    Returns:
        Optional[np.ndarray]: (..., J) bool; None for joints that are not
        annotated in pictures.
    """
    names = JOINT_SETS[joint_set].names
    if not set(names) <= set(J17.names):
        return None
    picks = _J17_IN_SPIN_49[[J17.names.index(name) for name in names]]
    return np.asarray(visible)[..., picks]


def gather(
    data_samples: Sequence[Mapping[str, Any]], field: str, keys: Sequence[str]
) -> Dict[str, Tensor]:
    """Concatenate the (1, ...) tensors of each sample.

    Args:
        data_samples: Data samples as dicts.
        field: Which of their parts, such as ``'pred_instances'``.
        keys: What to take from it.

    Raises:
        ValueError: If a sample lacks one of them.
    """
    for sample in data_samples:
        missing = [key for key in keys if key not in sample.get(field, {})]
        if missing:
            raise ValueError(
                f'sample {sample["sample_idx"]}: {field} lacks {missing}; '
                'HumanMeshMetric needs a mesh estimator and PackMeshInputs'
            )
    return {
        key: torch.cat([torch.as_tensor(s[field][key]) for s in data_samples])
        for key in keys
    }


def sample_record(sample: Mapping[str, Any], joint_set: str) -> Dict[str, Any]:
    """The entries of a dump that a data sample has, beside its errors.

    Args:
        sample: A data sample as a dict.
        joint_set: The protocol's.

    Returns:
        dict: Some of the names in ``OPTIONAL_SPECS``, and ``seq``,
        ``occlusion`` and ``gender``, which are '', NaN and neutral where
        unknown.
    """
    labels = sample.get('gt_instance_labels', {})
    record = dict(
        seq=str(sample.get('seq', '')),
        occlusion=np.nan,
        gender=int(labels['gender'][0]) if 'gender' in labels else NEUTRAL,
    )
    for key in ('img_path', 'frame', 'person'):
        if key in sample:
            record[key] = str(sample[key])
    if 'ori_shape' in sample:
        record['img_hw'] = tuple(sample['ori_shape'])
    if 'bbox_center' in sample:
        box = (*sample['bbox_center'], *sample['bbox_scale'])
        record['bbox'] = np.array(box, np.float32)
    instance = sample.get('gt_instances', {})
    if 'occlusion' in instance:
        record['occlusion'] = float(np.asarray(instance['occlusion'])[0])
    if 'visible' in instance:
        record['visible'] = visible_joints(instance['visible'][0], joint_set)
    for key in ('cam_transl_full', 'K_full'):
        if key in sample['pred_instances']:
            value = sample['pred_instances'][key][0]
            record[key] = value.float().cpu().numpy()
    return {k: v for k, v in record.items() if v is not None}


def column_record(
    columns: Mapping[str, np.ndarray], rows: np.ndarray, joint_set: str
) -> Dict[str, np.ndarray]:
    """The same for rows of an annotation file.

    Args:
        columns: Of an ``AnnotationFile``.
        rows: (N,) which rows.
        joint_set: The protocol's.

    Returns:
        dict[str, np.ndarray]: (N, ...) arrays by their names in a dump.
    """
    names = ('seq', 'frame', 'person', 'img_path', 'img_hw', 'occlusion')
    record = {k: columns[k][rows] for k in names if k in columns}
    record['bbox'] = columns['bbox_cs'][rows][:, [0, 1, 2, 2]]
    record['sample_idx'] = rows
    if 'visible' in columns:
        record['visible'] = visible_joints(columns['visible'][rows], joint_set)
    return record
