"""One call fills every registry, as MMPose's scripts expect it to."""

import json
import subprocess
import sys

import pytest

SCRIPT = """
import json, sys
from mmengine.registry import DefaultScope
from mmbopr import registry
from mmbopr.utils import register_all_modules
register_all_modules({})
scope = DefaultScope.get_current_instance()
parts = {{
    name: sorted(getattr(registry, name).module_dict)
    for name in ('MODELS', 'TASK_UTILS', 'INFERENCERS', 'VISUALIZERS',
                 'LOOPS', 'METRICS', 'TRANSFORMS')
}}
print(json.dumps([scope and scope.scope_name, parts]))
"""


@pytest.mark.parametrize(('init', 'scope'), [(True, 'mmbopr'), (False, None)])
def test_every_part_is_there(pytestconfig, init, scope):
    """In a process of its own: other tests import the packages one by one."""
    result = subprocess.run(
        [sys.executable, '-c', SCRIPT.format(init)],
        cwd=pytestconfig.rootpath,
        capture_output=True,
        text=True,
        check=True,
    )
    found, parts = json.loads(result.stdout.splitlines()[-1])
    assert found == scope
    for registry, name in {
        'MODELS': 'BARHead',
        'TASK_UTILS': 'IoUTracker',
        'INFERENCERS': 'MeshInferencer',
        'VISUALIZERS': 'MeshLocalVisualizer',
        'LOOPS': 'ExactResumeTrainLoop',
        'METRICS': 'HumanMeshMetric',
        'TRANSFORMS': 'PackMeshInputs',
    }.items():
        assert name in parts[registry]
