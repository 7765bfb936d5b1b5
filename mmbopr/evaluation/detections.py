"""Which crops of a dump come from which detection."""

import json
from pathlib import Path
from typing import Dict, List, NamedTuple, Union

import numpy as np

from .dump import EvaluationDump

# A crop is centred on its detection, up to this share of its side.
_TOLERANCE = 0.02


class Detections(NamedTuple):
    """Boxes of one picture.

    Attributes:
        centres: (D, 2) in pixels.
        scores: (D,).
    """

    centres: np.ndarray
    scores: np.ndarray


def read_detections(path: Union[str, Path]) -> Dict[str, Detections]:
    """Read results in COCO's format, with the pictures' names.

    Args:
        path: A JSON list of ``{"file_name": ..., "bbox": [x, y, w, h],
            "score": ...}``; the name may also stand in ``image_id``. Other
            keys are not read.

    Returns:
        dict[str, Detections]: By name of the picture, without folder.

    Raises:
        ValueError: If an entry lacks a name, a box or a score.
    """
    try:
        entries = json.loads(Path(path).read_text('utf-8'))
    except json.JSONDecodeError as error:
        raise ValueError(f'{path}: not a JSON file ({error})') from error
    found: Dict[str, List[List[float]]] = {}
    for number, entry in enumerate(entries):
        name = entry.get('file_name', entry.get('image_id'))
        box, score = entry.get('bbox', ()), entry.get('score')
        if not isinstance(name, str) or len(box) != 4 or score is None:
            raise ValueError(
                f'{path}: entry {number} must have the name of its picture '
                'in file_name or image_id, a bbox [x, y, w, h] and a score, '
                f'found {entry}'
            )
        x, y, w, h = box
        row = [x + w / 2, y + h / 2, score]
        found.setdefault(Path(name).name, []).append(row)
    tables = {name: np.array(rows) for name, rows in found.items()}
    return {
        name: Detections(table[:, :2], table[:, 2])
        for name, table in tables.items()
    }


def detection_scores(
    dump: EvaluationDump, detections: Dict[str, Detections]
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
