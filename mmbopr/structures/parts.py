"""The 24 body parts and the joint groups that results are reported by."""

from typing import Dict, Tuple

from .joints import SMPL_24

# Part k belongs to SMPL joint k: same order, same flip permutation.
PART_NAMES = SMPL_24.names
NUM_PARTS = len(PART_NAMES)

# Table 6 of the paper: indices into LSP-14, left and right pooled.
LSP_14_GROUPS: Dict[str, Tuple[int, ...]] = {
    'Ankle': (0, 5),
    'Knee': (1, 4),
    'Hip': (2, 3),
    'Wrist': (6, 11),
    'Elbow': (7, 10),
    'Shoulder': (8, 9),
    'Neck': (12,),
    'Head': (13,),
}
# Joint set -> the groups that it is reported by; others have none.
JOINT_GROUPS: Dict[str, Dict[str, Tuple[int, ...]]] = {
    'lsp_14': LSP_14_GROUPS,
    'j17': {**LSP_14_GROUPS, 'Pelvis': (14,), 'Spine': (15,), 'Jaw': (16,)},
}
