"""Other methods' predictions: a plain file, scored like one's own.

The file is an ``.npz`` with

- ``pose`` (N, 24, 3), axis-angle, or ``pose_rotmat`` (N, 24, 3, 3): SMPL's
  pose, the root in the camera frame (x right, y down, z forward);
- ``betas`` (N, 10) of the neutral body;
- ``sample_idx`` (N,), rows among those that are scored, if not all in order;
- ``method``, what to call it, and ``body_model_id``, ``'smpl'`` if missing.
"""

from dataclasses import dataclass
from pathlib import Path
from typing import Any, Dict, Mapping, Optional, Union

import numpy as np
import torch
from torch import Tensor, nn

from mmbopr.utils.rotation import axis_angle_to_matrix
from mmbopr.utils.safe_npz import load_plain_npz
from mmbopr.utils.sequences import sequence_stem

from .dump import EvaluationDump
from .protocols import EvaluationProtocol, ProtocolLike, build_protocol
from .records import column_record
from .scoring import score_labels

# Name of a label -> the column of an annotation file that holds it.
_COLUMNS = dict(
    smpl_pose='pose',
    betas='betas',
    gender='gender',
    has_smpl='has_smpl',
    keypoints_3d='kp3d',
    has_keypoints_3d='has_kp3d',
)


@dataclass(frozen=True)
class Predictions:
    """What a method predicts.

    Attributes:
        pose_rotmat: (N, 24, 3, 3), root in the camera frame.
        betas: (N, 10) of the neutral body.
        sample_idx: (N,) unique rows among those that are scored.
        method: Its name.
        body_model_id: The body of pose and betas.
    """

    pose_rotmat: np.ndarray
    betas: np.ndarray
    sample_idx: np.ndarray
    method: str
    body_model_id: str


def read_predictions(path: Union[str, Path]) -> Predictions:
    """Read a file of predictions.

    Raises:
        FileNotFoundError: If there is no such file.
        ValueError: If it is not as this module says.
    """
    try:
        content = load_plain_npz(path)
    except ValueError as error:
        raise ValueError(
            f'{path}: expected predictions (.npz), found a truncated or '
            f'foreign file ({error})'
        ) from error
    if 'pose' in content:
        pose = torch.from_numpy(_array(path, content, 'pose', 24, 3))
        rotmat = axis_angle_to_matrix(pose).numpy()
    else:
        rotmat = _array(path, content, 'pose_rotmat', 24, 3, 3)
    betas = _array(path, content, 'betas', 10)
    rows = np.asarray(content.get('sample_idx', np.arange(len(betas))))
    if rows.shape != (len(betas),) or len(np.unique(rows)) != len(rows):
        raise ValueError(
            f'{path}: sample_idx must hold {len(betas)} different rows, found '
            f'shape {rows.shape} with {len(np.unique(rows))} different ones'
        )
    if len(rotmat) != len(betas):
        raise ValueError(
            f'{path}: there are {len(rotmat)} poses, but {len(betas)} betas'
        )
    return Predictions(
        rotmat,
        betas,
        rows.astype(np.int64),
        str(content.get('method', Path(path).stem)),
        str(content.get('body_model_id', 'smpl')),
    )


def score_annotations(
    predictions: Predictions,
    columns: Mapping[str, np.ndarray],
    body_model: nn.Module,
    *,
    protocol: ProtocolLike = None,
    split: Optional[str] = None,
    acknowledged_count: Optional[int] = None,
    facts: Optional[Dict[str, Any]] = None,
) -> EvaluationDump:
    """Score predictions against rows of an annotation file.

    Args:
        predictions: Of these rows.
        columns: Of an ``AnnotationFile`` on the predictions' body.
        body_model: A ``GenderedSMPL``.
        protocol: A protocol, its config or its name. If it is of certain
            sequences, only their rows are scored.
        split: Take only rows of this official split.
        acknowledged_count: Number of samples, where it is not that of the
            protocol and you know why.
        facts: Facts to store beside those of the protocol, JSON-able.

    Returns:
        EvaluationDump: Predictions that are not finite have NaN errors.

    Raises:
        ValueError: If bodies differ, rows are missing or have no truth, or
            their number is not what the protocol expects.
    """
    protocol = build_protocol(protocol)
    if predictions.body_model_id != body_model.body_model_id:
        raise ValueError(
            f'predictions: they are of body {predictions.body_model_id!r}, '
            f'but the body model is {body_model.body_model_id!r}; give the '
            'one that they were made with'
        )
    rows = _rows_to_score(columns, protocol, split)
    if not np.array_equal(
        np.sort(predictions.sample_idx), np.arange(len(rows))
    ):
        raise ValueError(
            f'predictions: {len(rows)} rows are to be scored, found '
            f'{len(predictions.sample_idx)} with sample_idx up to '
            f'{predictions.sample_idx.max(initial=-1)}; predict each of them, '
            'NaN where the method fails'
        )
    protocol.check_count(len(rows), acknowledged_count)
    rows = rows[predictions.sample_idx]
    record = column_record(columns, rows, protocol.joint_set)
    record['sample_idx'] = predictions.sample_idx
    known = {'method': predictions.method, **(facts or {})}
    if acknowledged_count is not None:
        known['acknowledged_count'] = acknowledged_count
    return score_labels(
        body_model,
        _labels(columns, rows, protocol),
        predictions.pose_rotmat,
        predictions.betas,
        protocol=protocol,
        facts=known,
        **record,
    )


def _rows_to_score(
    columns: Mapping[str, np.ndarray],
    protocol: EvaluationProtocol,
    split: Optional[str],
) -> np.ndarray:
    """Rows of the annotation file, in order."""
    chosen = np.ones(len(columns['seq']), bool)
    if split is not None:
        if 'split' not in columns:
            raise ValueError(
                f'split: {split!r} is asked for, but the annotation file is '
                'of one split; leave it out'
            )
        chosen &= columns['split'] == split
    if protocol.sequences:
        names, inverse = np.unique(columns['seq'], return_inverse=True)
        stems = [sequence_stem(str(name)) for name in names]
        chosen &= np.isin(stems, protocol.sequences)[inverse]
    return np.flatnonzero(chosen)


def _labels(
    columns: Mapping[str, np.ndarray],
    rows: np.ndarray,
    protocol: EvaluationProtocol,
) -> Dict[str, Tensor]:
    """The truth of each row, checked to be there."""
    labels = {
        key: torch.from_numpy(np.array(columns[_COLUMNS[key]][rows]))
        for key in protocol.label_keys
    }
    bad = np.flatnonzero(~protocol.labelled(labels))
    if len(bad):
        raise ValueError(
            f'annotation: row {rows[bad[0]]} (and {len(bad) - 1} others) has '
            f'no {protocol.truth_words}; score other rows, or under another '
            'protocol'
        )
    return labels


def _array(
    path: Union[str, Path], content: Dict[str, np.ndarray], key: str, *shape
) -> np.ndarray:
    """(N, *shape) floats."""
    array = content.get(key)
    if array is None or array.shape[1:] != shape or array.dtype.kind != 'f':
        found = 'none' if array is None else f'{array.dtype} {array.shape}'
        raise ValueError(
            f'{path}: {key} must be floats of shape (N, '
            f'{", ".join(map(str, shape))}), found {found}; keys are '
            f'{sorted(content)}'
        )
    return array.astype(np.float32)
