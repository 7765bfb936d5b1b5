"""3DPW and its subsets."""

import numpy as np

from mmbopr.registry import DATASETS
from mmbopr.utils.sequences import sequence_stem

from .official_mesh_dataset import (
    Columns,
    OfficialMeshDataset,
    column,
    of_split,
)

SPLITS = ('train', 'validation', 'test')

# First two words of the names of the sequences of 3DPW-OCC (PARE).
OCCLUDED = (
    'courtyard_backpack', 'courtyard_basketball',
    'courtyard_bodyScannerMotions', 'courtyard_box', 'courtyard_golf',
    'courtyard_jacket', 'courtyard_laceShoe', 'downtown_stairs',
    'flat_guitar', 'flat_packBags', 'outdoors_climbing',
    'outdoors_crosscountry', 'outdoors_fencing', 'outdoors_freestyle',
    'outdoors_golf', 'outdoors_parcours', 'outdoors_slalom',
)  # fmt: skip

# First frame and the one after the last of the sequences of 3DPW-PC (ROMP),
# where people occlude each other.
CROWDED = {
    'courtyard_basketball_00': (200, 280),
    'courtyard_captureSelfies_00': (500, 600),
    'courtyard_dancing_00': (60, 370),
    'courtyard_dancing_01': (60, 270),
    'courtyard_hug_00': (100, 500),
    'downtown_bus_00': (1620, 1900),
}


def all_60(columns: Columns) -> np.ndarray:
    """All sequences; the file must hold all three splits."""
    found = set(np.unique(column(columns, 'split')).tolist())
    missing = [split for split in SPLITS if split not in found]
    if missing:
        raise LookupError(f'the file lacks the splits {missing}')
    return np.ones(len(columns['seq']), bool)


def occluded(columns: Columns) -> np.ndarray:
    """3DPW-OCC: 23 sequences out of all splits."""
    names, inverse = np.unique(columns['seq'], return_inverse=True)
    chosen = [sequence_stem(name) in OCCLUDED for name in names]
    return all_60(columns) & np.array(chosen)[inverse]


def crowded(columns: Columns) -> np.ndarray:
    """3DPW-PC: six ranges of frames out of all splits."""
    chosen = ~all_60(columns)
    for sequence, (start, stop) in CROWDED.items():
        frame = columns['frame']
        chosen |= (
            (columns['seq'] == sequence) & (frame >= start) & (frame < stop)
        )
    return chosen


@DATASETS.register_module()
class PW3DMeshDataset(OfficialMeshDataset):
    """3DPW, or one of the subsets that results are reported on.

    ``'train'``, ``'validation'`` and ``'test'`` are the official splits;
    ``'all60'`` is all sequences, ``'occ'`` 3DPW-OCC (17 kinds of sequences,
    PARE) and ``'pc'`` 3DPW-PC (6 ranges of frames, ROMP).  The last three
    contain training sequences: only models that never saw 3DPW may be scored
    on them.

    Args:
        ann_file: What ``tools/dataset_converters/pw3d.py`` wrote; with all
            splits for ``'all60'``, ``'occ'`` and ``'pc'``.
        *args: See :class:`BodyMeshDataset`.
        subset: One of the six.
        **kwargs: See :class:`BodyMeshDataset`.
    """

    NAME = '3dpw'
    SUBSETS = {
        **{split: of_split(split) for split in SPLITS},
        'all60': all_60,
        'occ': occluded,
        'pc': crowded,
    }
