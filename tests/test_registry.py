"""One scope, found from any config without ``custom_imports``."""

import json
import os
import subprocess
import sys

import pytest
from mmengine import registry as mmengine_registry
from mmengine.config import Config
from mmengine.registry import Registry

from mmbopr import registry
from mmbopr.testing.tiny_config import TINY_BASE, make_tiny_data, tiny_options

NODES = {
    name: node
    for name, node in vars(registry).items()
    if isinstance(node, Registry)
}
# What mmengine.runner.Runner builds from a config.
USED_BY_RUNNER = {
    'DATA_SAMPLERS', 'DATASETS', 'EVALUATOR', 'FUNCTIONS', 'HOOKS',
    'LOG_PROCESSORS', 'LOOPS', 'METRICS', 'MODEL_WRAPPERS', 'MODELS',
    'OPTIM_WRAPPER_CONSTRUCTORS', 'OPTIM_WRAPPERS', 'OPTIMIZERS',
    'PARAM_SCHEDULERS', 'RUNNERS', 'TRANSFORMS', 'VISBACKENDS', 'VISUALIZERS',
    'WEIGHT_INITIALIZERS',
}  # fmt: skip


def test_every_registry_of_the_runner_has_a_child_here():
    assert set(NODES) >= USED_BY_RUNNER
    for name, node in NODES.items():
        root = getattr(mmengine_registry, name)
        assert node.scope == 'mmbopr' and node.parent is root, name
        assert root.children['mmbopr'] is node


@pytest.mark.parametrize('name', sorted(NODES))
def test_locations_can_be_imported(name):
    node = NODES[name]
    assert node._locations
    node.import_from_location()
    packages = {x.__module__.split('.')[0] for x in node.module_dict.values()}
    # Tests of this run may have brought parts of their own.
    assert packages <= {'mmbopr', 'projects', 'tests'}


@pytest.mark.parametrize(
    ('name', 'parts'),
    [
        ('MODELS', ['BodyMeshEstimator', 'GenderedSMPL', 'CameraLoss']),
        ('TASK_UTILS', ['BodyTargetBuilder']),
        ('DATASETS', ['BodyMeshDataset']),
        ('TRANSFORMS', ['LoadMeshImage', 'PackMeshInputs']),
        ('METRICS', ['HumanMeshMetric']),
        ('HOOKS', ['MeshVisualizationHook']),
        ('VISUALIZERS', ['MeshLocalVisualizer']),
        ('OPTIM_WRAPPERS', ['BFloat16OptimWrapper']),
    ],
)
def test_parts_are_found_by_their_full_names(name, parts):
    root = getattr(mmengine_registry, name)
    for part in parts:
        found = root.get(f'mmbopr.{part}')
        assert found.__name__ == part and found is NODES[name].get(part)


# --- whole runs
@pytest.fixture(scope='module')
def tiny(tmp_path_factory, pytestconfig):
    """A config of one iteration."""
    data = make_tiny_data(tmp_path_factory.mktemp('people'))
    cfg = Config.fromfile(pytestconfig.rootpath / 'configs' / TINY_BASE)
    cfg.merge_from_dict(tiny_options(data))
    cfg.train_cfg.max_epochs = 1
    cfg.train_dataloader.batch_size = 8
    return cfg


def _for_scope_mmpose(node):
    """The same settings with our parts, and only ours, in full names."""
    if isinstance(node, dict):
        node = {key: _for_scope_mmpose(value) for key, value in node.items()}
        if isinstance(name := node.get('type'), str):
            ours = any(name in r.module_dict for r in NODES.values())
            name = f'mmbopr.{name}' if ours else name
            node['type'] = name.removeprefix('mmpose.')
    elif isinstance(node, (list, tuple)):
        node = [_for_scope_mmpose(value) for value in node]
    return node


# Without full mmcv and mmdet, mmpose needs the repairs of `import mmbopr`; it
# is the only word of mmbopr here, and it imports no part.
RUN = """
import json, sys
import mmbopr
from mmengine.config import Config
from mmengine.registry import DefaultScope
from mmengine.runner import Runner

runner = Runner.from_cfg(Config.fromfile(sys.argv[1]))
runner.train()
logs = runner.message_hub.log_scalars
print(json.dumps(dict(
    scope=DefaultScope.get_current_instance().scope_name,
    iterations=runner.iter,
    visualizer=type(runner.visualizer).__name__,
    loss=logs['train/loss'].current().item(),
    error=logs['val/mesh/PA-MPJPE'].current(),
)))
"""


def run(path):
    result = subprocess.run(
        [sys.executable, '-c', RUN, str(path)],
        env={**os.environ, 'OMP_NUM_THREADS': '1'},
        capture_output=True,
        text=True,
        check=False,
    )
    assert result.returncode == 0, result.stderr
    return json.loads(result.stdout.splitlines()[-1])


def test_one_config_trains_in_both_scopes(tiny, tmp_path, pytestconfig):
    root = pytestconfig.rootpath
    tiny.work_dir = str(tmp_path / 'ours')
    ours = tmp_path / 'ours.py'
    tiny.dump(ours)

    theirs = tmp_path / 'theirs.py'
    runtime = Config.fromfile(root / 'configs/_base_/default_runtime.py')
    settings = {k: v for k, v in tiny.items() if k not in runtime}
    settings |= {
        'work_dir': str(tmp_path / 'theirs'),
        'randomness': tiny.randomness,
    }
    text = Config(_for_scope_mmpose(settings)).pretty_text
    theirs.write_text(f"_base_ = 'mmpose::_base_/default_runtime.py'\n{text}")

    ours, theirs = run(ours), run(theirs)
    assert ours['scope'] == 'mmbopr' and theirs['scope'] == 'mmpose'
    assert ours['visualizer'] == 'MeshLocalVisualizer'
    assert theirs['visualizer'] == 'PoseLocalVisualizer'
    for key in ('iterations', 'loss', 'error'):
        assert ours[key] == pytest.approx(theirs[key], rel=1e-5), key
    assert ours['iterations'] == 1 and ours['loss'] > 0
