"""Joint sets against the tables of SPIN, PARE and mmhuman3d."""

import json
from pathlib import Path

import pytest

from mmbopr.structures import (
    COCO_17,
    H36M_17,
    J17,
    J17_FROM_H36M_17,
    J17_FROM_J24,
    J24,
    J24_FROM_SMPL_54,
    J24_HIPS,
    JOINT_GROUPS,
    JOINT_SETS,
    LSP_14,
    LSP_14_FROM_H36M_17,
    LSP_14_GROUPS,
    SMPL_24,
    SMPL_54,
    SMPL_PARENTS,
    SPIN_49,
    SPIN_49_FROM_SMPL_54,
)

TABLES = json.loads(
    (Path(__file__).parent / 'conventions.json').read_text('utf-8')
)


@pytest.mark.parametrize(
    ('joint_set', 'table'),
    [
        (SPIN_49, 'j49'),
        (J24, 'gt24'),
        (SMPL_24, 'smpl24'),
        (SMPL_54, 'j54'),
        (H36M_17, 'h36m17'),
        (J17, 'j17'),
        (LSP_14, 'j14'),
    ],
)
def test_flips_equal_the_published_tables(joint_set, table):
    assert list(joint_set.flip_indices) == TABLES['flip'][table]


def test_maps_equal_the_published_tables():
    assert list(SPIN_49_FROM_SMPL_54) == TABLES['j49_from_54']
    assert list(J24_FROM_SMPL_54) == TABLES['j49_from_54'][25:]
    assert list(J17_FROM_H36M_17) == TABLES['h36m_to_j17']
    assert list(LSP_14_FROM_H36M_17) == TABLES['h36m_to_j17'][:14]
    assert list(J17_FROM_J24) == TABLES['j24_to_j17']
    assert list(SMPL_PARENTS) == TABLES['smpl_parents']


@pytest.mark.parametrize('joint_set', JOINT_SETS.values(), ids=JOINT_SETS)
def test_flip_is_an_involution_over_unique_names(joint_set):
    flip = joint_set.flip_indices
    assert [flip[i] for i in flip] == list(range(len(joint_set)))
    assert len(set(joint_set.names)) == len(joint_set)


def test_flip_commutes_with_the_map_from_54_to_49():
    flip_54, flip_49 = SMPL_54.flip_indices, SPIN_49.flip_indices
    for i, source in enumerate(SPIN_49_FROM_SMPL_54):
        assert flip_54[source] == SPIN_49_FROM_SMPL_54[flip_49[i]]


def test_sizes():
    sizes = {name: len(x) for name, x in JOINT_SETS.items()}
    assert sizes == {
        'smpl_24': 24, 'smpl_45': 45, 'smpl_54': 54, 'spin_49': 49,
        'j24': 24, 'h36m_17': 17, 'j17': 17, 'lsp_14': 14, 'coco_17': 17,
    }  # fmt: skip
    assert COCO_17.names[0] == 'nose' and COCO_17.names[16] == 'right_ankle'


@pytest.mark.parametrize('joint_set', [LSP_14, J17], ids=lambda x: x.name)
def test_every_joint_is_in_one_group(joint_set):
    groups = JOINT_GROUPS[joint_set.name]
    indices = [i for group in groups.values() for i in group]
    assert sorted(indices) == list(range(len(joint_set)))
    for name, group in groups.items():
        assert all(name.lower() in joint_set.names[i] for i in group)
    assert LSP_14_GROUPS.items() <= groups.items()


def test_a_missing_joint_is_named():
    with pytest.raises(ValueError, match=r"'h36m_17' has no .*'nose'"):
        COCO_17.indices_in(H36M_17)


def test_the_hips_of_j24_are_mirror_images():
    assert J24_HIPS == (2, 3)
    assert J24.flip_indices[2] == 3
