"""The import repairs; in a fresh interpreter where order matters."""

import os
import pickle
import subprocess
import sys
from pathlib import Path

import pytest
import torch
from mmengine.config import Config
from mmengine.hub import get_config
from mmengine.logging import HistoryBuffer
from mmengine.runner import load_checkpoint, save_checkpoint
from mmengine.utils import digit_version
from torch import nn

from mmbopr.compat import has_mmcv_ops

ROOT = Path(__file__).parents[1]
needs_allow_list = pytest.mark.skipif(
    digit_version(torch.__version__) < digit_version('2.6.0'),
    reason='this torch has no list of allowed types',
)


def run_python(code, *args):
    """Lines that ``code`` prints in a new interpreter."""
    result = subprocess.run(
        [sys.executable, '-c', code, *map(str, args)],
        cwd=ROOT,
        env={**os.environ, 'OMP_NUM_THREADS': '1'},
        capture_output=True,
        text=True,
        check=False,
    )
    assert result.returncode == 0, result.stderr
    return result.stdout.splitlines()


# --- imports of packages
def test_importing_mmbopr_is_cheap():
    code = 'import sys, mmbopr; print(*sys.modules, sep="\\n")'
    imported = {name.split('.')[0] for name in run_python(code)}
    assert 'mmbopr' in imported
    heavy = {'torch', 'mmengine', 'mmcv', 'mmpose', 'cv2', 'scipy', 'numpy'}
    assert imported & heavy == set()


IMPORT_MMPOSE = """
import importlib, sys

class Hide:
    'Hides packages even where they are installed.'
    def find_spec(self, name, path=None, target=None):
        if name.split('.')[0] in ('mmdet', 'torchvision'):
            raise ModuleNotFoundError(name)

sys.meta_path.insert(0, Hide())
import mmbopr
import mmpose.models, mmpose.visualization
print(*(k for k in sys.modules if k.split('.')[0] in ('mmdet', 'torchvision')))
for name in ('mmdet', 'torchvision'):
    try:
        importlib.import_module(name)
    except ModuleNotFoundError as error:
        print('no', error)
import torch
from mmpose.models.heads.hybrid_heads import rtmo_head
from mmpose.visualization import simcc_vis
picture = torch.tensor([0.0, 0.5, 1.0]).view(3, 1, 1).expand(3, 2, 4)
drawn = simcc_vis.ToPILImage()(picture)
print(drawn.size, drawn.getpixel((3, 1)), rtmo_head.reduce_mean.__module__)
"""


def test_mmpose_imports_without_mmdet_and_torchvision():
    """What is lent to it is gone afterwards."""
    left, *refused, used = run_python(IMPORT_MMPOSE)
    assert left == ''
    assert refused == ['no mmdet', 'no torchvision']
    assert used == '(4, 2) (0, 127, 255) mmpose.utils.dist_utils'


@needs_allow_list
def test_repairs_reach_what_was_imported_before():
    code = """
import mmengine.config, mmengine.runner
import mmbopr
from mmengine.config.utils import MODULE2PACKAGE
from mmengine.logging import HistoryBuffer
from torch.serialization import get_safe_globals
print(MODULE2PACKAGE['mmbopr'], HistoryBuffer in get_safe_globals())
"""
    assert run_python(code) == ['mmbopr True']


def test_configs_of_the_package_can_be_inherited(tmp_path):
    path = tmp_path / 'config.py'
    path.write_text(
        "_base_ = 'mmbopr::_base_/default_runtime.py'\nresume = True\n"
    )
    cfg = Config.fromfile(path)
    assert cfg.default_scope == 'mmbopr' and cfg.resume
    assert cfg.default_hooks.checkpoint.save_best == 'mesh/PA-MPJPE'
    name = 'open/bopr_resnet18_1xb16-9e_open-people-96x96.py'
    found = get_config(f'mmbopr::{name}')
    assert found.model == Config.fromfile(ROOT / 'configs' / name).model


# --- compiled operators
@pytest.mark.skipif(has_mmcv_ops(), reason='mmcv has compiled operators')
def test_a_missing_operator_says_so_when_it_is_called():
    import mmpose.models  # noqa: F401  (installs the placeholder)
    from mmcv.ops import DeformConv2d
    from mmcv.utils.ext_loader import check_ops_exist

    assert not check_ops_exist() and not has_mmcv_ops()
    layer = DeformConv2d(3, 4, 3)
    with pytest.raises(
        ImportError, match=r'"deform_conv_forward".*Install the full mmcv'
    ):
        layer(torch.zeros(1, 3, 8, 8), torch.zeros(1, 18, 6, 6))


# --- checkpoints
class Crafted:
    """Pickles as ``getattr(owner, name)``."""

    def __init__(self, owner, name):
        self.owner, self.name = owner, name

    def __reduce__(self):
        return getattr, (self.owner, self.name)


@needs_allow_list
def test_checkpoints_of_mmengine_load_with_weights_only(tmp_path):
    buffer = HistoryBuffer([1.0, 2.0, 6.0], [1, 1, 1])
    weight = torch.arange(6.0).view(2, 3)
    path = str(tmp_path / 'epoch_1.pth')
    save_checkpoint(
        {
            'state_dict': {'weight': weight, 'bias': torch.ones(2)},
            'message_hub': {'log_scalars': {'train/loss': buffer}},
        },
        path,
    )
    content = torch.load(path, weights_only=True)
    loaded = content['message_hub']['log_scalars']['train/loss']
    assert loaded.mean() == 3 and loaded.current() == 6
    layer = nn.Linear(3, 2)
    load_checkpoint(layer, path, strict=True)
    assert torch.equal(layer.weight, weight)


@needs_allow_list
@pytest.mark.parametrize(
    ('owner', 'name', 'error'),
    [
        (nn.Module, 'load_state_dict', pickle.UnpicklingError),
        (HistoryBuffer, '__init__', ValueError),
        (HistoryBuffer, 'register_statistics', ValueError),
    ],
)
def test_no_other_attribute_can_be_asked_for(tmp_path, owner, name, error):
    path = tmp_path / 'crafted.pth'
    torch.save({'state_dict': Crafted(owner, name)}, path)
    with pytest.raises(error, match=f'{owner.__name__}|{name}'):
        torch.load(path, weights_only=True)


@needs_allow_list
def test_downloads_are_read_with_weights_only(tmp_path, monkeypatch):
    """What lies in torch's cache is not fetched from the address."""
    monkeypatch.setattr(torch.hub, 'get_dir', lambda: str(tmp_path))
    (tmp_path / 'checkpoints').mkdir()
    layer = nn.Linear(3, 2)
    for name, content in (
        ('good.pth', layer.state_dict()),
        ('crafted.pth', Crafted(nn.Module, 'load_state_dict')),
    ):
        torch.save({'state_dict': content}, tmp_path / 'checkpoints' / name)
    loaded = nn.Linear(3, 2)
    load_checkpoint(loaded, 'https://example.org/good.pth', strict=True)
    assert torch.equal(loaded.weight, layer.weight)
    with pytest.raises(pickle.UnpicklingError, match='Module'):
        load_checkpoint(loaded, 'https://example.org/crafted.pth')


# --- xtcocotools
def test_pycocotools_stands_in_for_xtcocotools(tmp_path):
    package = tmp_path / 'pycocotools'
    package.mkdir()
    (package / '__init__.py').write_text('')
    (package / 'mask.py').write_text('')
    (package / 'coco.py').write_text(
        'from . import mask\nclass COCO:\n    pass\n'
    )
    code = """
import importlib.machinery, sys
sys.path.insert(0, sys.argv[1])
find_spec = importlib.machinery.PathFinder.find_spec

class Finder(importlib.machinery.PathFinder):
    'Finds what is installed, except for xtcocotools.'
    @classmethod
    def find_spec(cls, name, path=None, target=None):
        return None if name == 'xtcocotools' else find_spec(name, path, target)

sys.meta_path[sys.meta_path.index(importlib.machinery.PathFinder)] = Finder
import mmbopr
from xtcocotools.coco import COCO
import pycocotools.coco, xtcocotools.mask
print(COCO is pycocotools.coco.COCO, COCO.__module__)
print(xtcocotools.mask is pycocotools.mask, pycocotools.coco.__spec__.name)
try:
    import xtcocotools.cocoeval
except ModuleNotFoundError as error:
    print(error)
"""
    assert run_python(code, tmp_path) == [
        'True pycocotools.coco',
        'True pycocotools.coco',
        "No module named 'pycocotools.cocoeval'",
    ]
