"""Joint sets, body parts and small typed records: data, no networks."""

from .annotation_format import ANNOTATION_FORMAT
from .genders import FEMALE, GENDER_OF_INITIAL, GENDERS, MALE, NEUTRAL
from .joints import (
    COCO_17,
    COCO_17_FROM_SMPL_45,
    COCO_17_FROM_SPIN_49,
    H36M_17,
    J17,
    J17_FROM_H36M_17,
    J17_FROM_J24,
    J24,
    J24_FROM_SMPL_54,
    J24_HIPS,
    J24_IN_SPIN_49,
    JOINT_SETS,
    LSP_14,
    LSP_14_FROM_H36M_17,
    SMPL_24,
    SMPL_45,
    SMPL_54,
    SMPL_PARENTS,
    SPIN_49,
    SPIN_49_FROM_SMPL_54,
    JointSet,
)
from .mesh_result import MeshResult
from .mesh_track import MeshTrack, tracks_of
from .parts import (
    JOINT_GROUPS,
    LSP_14_GROUPS,
    NUM_PARTS,
    PART_NAMES,
)
from .result_files import read_results

__all__ = [
    'ANNOTATION_FORMAT',
    'COCO_17',
    'COCO_17_FROM_SMPL_45',
    'COCO_17_FROM_SPIN_49',
    'FEMALE',
    'GENDERS',
    'GENDER_OF_INITIAL',
    'H36M_17',
    'J17',
    'J17_FROM_H36M_17',
    'J17_FROM_J24',
    'J24',
    'J24_FROM_SMPL_54',
    'J24_HIPS',
    'J24_IN_SPIN_49',
    'JOINT_GROUPS',
    'JOINT_SETS',
    'LSP_14',
    'LSP_14_FROM_H36M_17',
    'LSP_14_GROUPS',
    'MALE',
    'NEUTRAL',
    'NUM_PARTS',
    'PART_NAMES',
    'SMPL_24',
    'SMPL_45',
    'SMPL_54',
    'SMPL_PARENTS',
    'SPIN_49',
    'SPIN_49_FROM_SMPL_54',
    'JointSet',
    'MeshResult',
    'MeshTrack',
    'read_results',
    'tracks_of',
]
