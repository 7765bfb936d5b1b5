"""Which crops of a dump come from which detection."""

from pathlib import Path
from typing import Any, Dict, List, NamedTuple, Union

import numpy as np

from mmbopr.detection.coco_entries import read_coco_entries

from .dump import EvaluationDump

# A crop is centred on its detection, up to this share of its side.
_TOLERANCE = 0.02


class DetectionCentres(NamedTuple):
    """Where the boxes of one picture are.

    Attributes:
        centres: (D, 2) in pixels.
        scores: (D,).
    """

    centres: np.ndarray
    scores: np.ndarray


def read_detections(path: Union[str, Path]) -> Dict[str, DetectionCentres]:
    """Read results in COCO's format, with the pictures' names.

    Args:
        path: A JSON list of ``{"file_name": ..., "bbox": [x, y, w, h],
            "score": ...}``; the name may also stand in ``image_id``. Other
            keys are not read.

    Returns:
        dict[str, DetectionCentres]: By name of the picture, without folder.

    Raises:
        FileNotFoundError: If there is no such file.
        ValueError: If an entry lacks a name, a box or a score.
    """
    people, _ = read_coco_entries(path)
    return {
        name: _centres(entries, f'{path}, {name}')
        for name, entries in people.items()
        if entries
    }


def _centres(entries: List[Dict[str, Any]], where: str) -> DetectionCentres:
    if any(entry.get('score') is None for entry in entries):
        raise ValueError(
            f'{where}: every entry must have a score; give the results of a '
            'detector, not annotations'
        )
    boxes = np.array([entry['bbox'] for entry in entries], float)
    scores = np.array([entry['score'] for entry in entries], float)
    return DetectionCentres(boxes[:, :2] + boxes[:, 2:] / 2, scores)


def detection_scores(
    dump: EvaluationDump, detections: Dict[str, DetectionCentres]
) -> np.ndarray:
    """Score of the detection that each crop was made from.

    Args:
        dump: With pictures and boxes.
        detections: In the pixels of the same pictures.

    Returns:
        np.ndarray: (N,), NaN for crops that lie on no detection.

    Raises:
        ValueError: If the dump has no pictures or boxes.
    """
    if dump.bbox is None or dump.img_path is None:
        raise ValueError(
            'dump: has no bbox or img_path; write it again with `python '
            'tools/test.py ... --dump FILE`'
        )
    scores = np.full(len(dump), np.nan)
    for row, (image, box) in enumerate(
        zip(dump.img_path, dump.bbox, strict=True)
    ):
        boxes = detections.get(Path(image).name)
        if boxes is None:
            continue
        distances = np.linalg.norm(boxes.centres - box[:2], axis=1)
        nearest = distances.argmin()
        if distances[nearest] <= _TOLERANCE * box[2:].max():
            scores[row] = boxes.scores[nearest]
    return scores
