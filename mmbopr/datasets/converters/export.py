"""Annotation files as those of other frameworks."""

from pathlib import Path
from typing import Union

import numpy as np

from mmbopr.utils.atomic import replace_when_complete

from ..annotations import AnnotationFile
from .human_data import human_data_of


def export_human_data(
    ann_file: Union[str, Path], out: Union[str, Path]
) -> None:
    """Write an annotation file as HumanData of MMHuman3D.

    Pose and shape keep their meaning for the file's own body model only;
    MMHuman3D takes them for SMPL's.

    Args:
        ann_file: What to read.
        out: The ``.npz`` to write.

    Raises:
        AnnotationError: If the annotation file is unusable.
        FileExistsError: If ``out`` is there.
    """
    out = Path(out)
    if out.exists():
        raise FileExistsError(f'{out} exists. Delete it or choose another')
    columns = AnnotationFile(str(ann_file)).columns
    with replace_when_complete(out) as draft, draft.open('wb') as file:
        np.savez_compressed(file, **human_data_of(columns))
