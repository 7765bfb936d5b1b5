"""The truth of AGORA, from its official dataframes."""

from itertools import pairwise
from pathlib import Path
from typing import Any, Dict, List, NamedTuple, Tuple, Union

import numpy as np
from mmengine.utils import track_iter_progress

from mmbopr.datasets.converters import AGORAConverter, ConversionError
from mmbopr.datasets.converters.agora_files import find_frames, read_frame
from mmbopr.datasets.converters.raw_files import take
from mmbopr.structures import SMPL_24

from .agora_submission import picture_name
from .functional import AgoraPeople, valid_people

# Bounds of the bands of hidden percents; the last is counted in.
_BANDS = (0, 10, 20, 30, 40, 50, 60, 70, 80, 90)


class AgoraTruth(NamedTuple):
    """Everyone whom dataframes tell of.

    Attributes:
        people: N of them.
        valid: (N,) bool, who counts.
        kid: (N,) bool, who is a child.
        occlusion: (N,) hidden percent.
    """

    people: AgoraPeople
    valid: np.ndarray
    kid: np.ndarray
    occlusion: np.ndarray

    def groups(self) -> Dict[str, np.ndarray]:
        """All, adults, children, and bands of occlusion, as masks."""
        band = np.digitize(self.occlusion, _BANDS[1:-1])
        return {
            'all': np.ones(len(self.kid), bool),
            'adults': ~self.kid,
            'kids': self.kid,
            **{
                f'{low}-{high} % hidden': band == number
                for number, (low, high) in enumerate(pairwise(_BANDS))
            },
        }


def read_agora_truth(
    root: Union[str, Path], split: str = 'validation'
) -> AgoraTruth:
    """Read the camera dataframes with SMPL joints and vertices.

    Args:
        root: Folder with ``validation_0_withjv.pkl``, ... at any depth.
        split: Which of them.

    Raises:
        FileNotFoundError: If there is none.
        ConversionError: If one lacks joints or vertices, or a shape is not
            that of SMPL; names the file, the picture and the person.
    """
    frames = find_frames(Path(root), split, AGORAConverter.page)
    rows: List[Tuple] = []
    for path in track_iter_progress(frames):
        for picture in read_frame(path):
            name = str(picture['imgPath'])
            rows += [
                (picture_name(name), *_posed(own, path, name, number))
                for number, own in enumerate(picture['people'])
            ]
    images, pixels, joints, vertices, flags = zip(*rows, strict=True)
    is_valid, kid, occlusion = np.array(flags, np.float64).T
    return AgoraTruth(
        AgoraPeople(
            np.array(images),
            np.stack(pixels),
            np.stack(joints),
            np.stack(vertices),
        ),
        valid_people(is_valid > 0, occlusion),
        kid > 0,
        occlusion,
    )


def _posed(
    own: Dict[str, Any], path: Path, picture: str, number: int
) -> Tuple[np.ndarray, np.ndarray, np.ndarray, Tuple]:
    """Key points, joints, vertices and flags of one person."""
    where = f'{path}, {picture}, person {number}'
    if 'gt_verts' not in own or 'gt_joints_3d' not in own:
        raise ConversionError(
            f"{where}: has no 'gt_joints_3d' or 'gt_verts'. Get the camera "
            'dataframes with SMPL joints and vertices (*_withjv.pkl) from '
            f'{AGORAConverter.page}'
        )
    return (
        take(own, 'gt_joints_2d', (45, 2), where),
        take(own, 'gt_joints_3d', (45, 3), where)[: len(SMPL_24)],
        take(own, 'gt_verts', (None, 3), where).astype(np.float32),
        (bool(own['isValid']), bool(own['kid']), float(own['occlusion'])),
    )
