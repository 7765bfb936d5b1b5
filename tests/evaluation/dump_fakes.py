"""Dumps of random numbers."""

import numpy as np

from mmbopr.evaluation import EvaluationDump
from mmbopr.evaluation.dump import ARRAY_SPECS, OPTIONAL_SPECS
from mmbopr.structures import JOINT_SETS


def _normal(rng, count, specs, joint_set):
    joints = len(JOINT_SETS[joint_set])
    return {
        name: rng.normal(
            0, 0.05, (count, *(joints if n == -1 else n for n in shape))
        )
        for name, (_, shape) in specs.items()
    }


def make_dump(count=4, seed=0, **changes):
    """One sequence a sample, unless ``changes`` say otherwise."""
    rng = np.random.default_rng(seed)
    protocol = changes.get('protocol', {})
    joint_set = protocol.get('joint_set', 'lsp_14')
    arrays = _normal(rng, count, ARRAY_SPECS, joint_set)
    arrays.update(
        sample_idx=np.arange(count) * 2,
        vertex_errors=np.abs(arrays['vertex_errors']),
        joint_errors_pa=np.abs(arrays['joint_errors_pa']),
        gender=np.arange(count) % 3,
        seq=np.array([f'outdoors_{i}' for i in range(count)]),
        occlusion=np.linspace(0, 1, count),
        protocol=dict(dataset_name='toy', bbox_scale=1.2),
    )
    return EvaluationDump(**{**arrays, **changes})


def optional_arrays(count, joint_set='lsp_14'):
    """What a dump may have besides."""
    rng = np.random.default_rng(1)
    arrays = _normal(rng, count, OPTIONAL_SPECS, joint_set)
    arrays['vertex_errors_pa'] = np.abs(arrays['vertex_errors_pa'])
    arrays['visible'] = arrays['visible'] > 0
    return {
        **arrays,
        'degenerate': np.zeros(count, bool),
        'frame': np.arange(count),
        'person': np.zeros(count, int),
        'img_path': np.array([f'images/{i}.jpg' for i in range(count)]),
        'img_hw': np.tile([1080, 1920], (count, 1)),
    }
