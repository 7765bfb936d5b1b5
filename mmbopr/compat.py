"""Repairs that let the pinned OpenMMLab stack run without compiled extensions.

``import mmbopr`` imports nothing heavy.  It leaves a note for the import
system: when one of the modules below is first imported, by whomever, its
repair is applied.

``mmpose.models``
    Needs two tiny names of ``mmdet.utils`` and the operators of ``mmcv._ext``.
    A missing mmdet is lent while the import runs and withdrawn afterwards;
    missing operators raise a clear ``ImportError`` when they are called.
``mmpose.visualization``
    Needs one helper of ``torchvision.transforms``, lent in the same way.
``xtcocotools``
    Has no wheel for Python 3.12.  ``pycocotools``, of which it is a fork,
    stands in when it is absent.  That is enough for data sets; MMPose's
    ``CocoMetric`` passes arguments that only the fork's ``COCOeval`` knows.
``mmengine.runner.checkpoint``
    Since torch 2.6 ``torch.load`` unpickles only allow-listed types.  The
    plain-data types that MMEngine itself writes are added to the list;
    ``weights_only`` stays on, and holds for what it downloads, too.
``mmengine.config``, ``mmengine.hub``
    Learn the package's name and its folder, which MMEngine does not find
    after an editable install, so that ``_base_ = 'mmbopr::...'`` works.
"""

import importlib
import importlib.machinery
import importlib.util
import os
import sys
import types
from contextlib import ExitStack, contextmanager, suppress
from functools import partial

OPS_HELP = (
    'mmcv operator "{}" needs the compiled extension of the full "mmcv" '
    'package, but only its pure-Python part (mmcv-lite) is installed. '
    'Install the full mmcv==2.1.0 that matches your torch.'
)


# --- lending what is missing
def _importable(name: str) -> bool:
    try:
        importlib.import_module(name)
    except (ImportError, AssertionError, RuntimeError, AttributeError):
        # Builds that do not match the installed torch or mmcv fail with any
        # of these; they count as absent.
        return False
    return True


@contextmanager
def _lend(package: str, submodule: str, names):
    """Let ``from package.submodule import <names>`` work inside the block."""
    full_name = f'{package}.{submodule}'
    if _importable(full_name):
        yield
        return
    # A failed import can leave half of the package behind.
    for key in [k for k in sys.modules if k.split('.')[0] == package]:
        del sys.modules[key]
    parent, child = types.ModuleType(package), types.ModuleType(full_name)
    parent.__path__ = []
    for module in (parent, child):
        module.__spec__ = importlib.machinery.ModuleSpec(module.__name__, None)
    vars(child).update(names())
    setattr(parent, submodule, child)
    sys.modules[package], sys.modules[full_name] = parent, child
    try:
        yield
    finally:
        for key in (package, full_name):
            sys.modules.pop(key, None)


def _mmdet_names() -> dict:
    from mmengine.config import ConfigDict
    from mmpose.utils import reduce_mean

    return {'ConfigType': ConfigDict | dict, 'reduce_mean': reduce_mean}


class _ToPILImage:
    """``torchvision.transforms.ToPILImage`` for float (3, H, W) images."""

    def __call__(self, picture):
        from PIL import Image

        picture = picture.mul(255).byte().permute(1, 2, 0)
        return Image.fromarray(picture.cpu().numpy())


# --- mmcv operators
class _MissingOp:
    """Stands for one compiled operator; calling it explains what to do."""

    def __init__(self, name: str):
        self.__name__ = name

    def __call__(self, *args, **kwargs):
        raise ImportError(OPS_HELP.format(self.__name__))


class _MissingOps(types.ModuleType):
    """Placeholder for ``mmcv._ext``."""

    def __getattr__(self, name: str):
        if name.startswith('__'):
            raise AttributeError(name)
        return _MissingOp(name)


def has_mmcv_ops() -> bool:
    """Whether mmcv's compiled operators are really there."""
    module = sys.modules.get('mmcv._ext')
    return not isinstance(module, _MissingOps) and _importable('mmcv._ext')


def _install_ops_placeholder() -> None:
    if has_mmcv_ops():
        return
    module = _MissingOps('mmcv._ext')
    # A spec without a loader: importable, while mmcv.utils.check_ops_exist()
    # still answers no.
    module.__spec__ = importlib.machinery.ModuleSpec('mmcv._ext', None)
    sys.modules['mmcv._ext'] = module


# --- one function per repaired module
@contextmanager
def _repair_mmpose_models():
    _install_ops_placeholder()
    with _lend('mmdet', 'utils', _mmdet_names):
        yield


@contextmanager
def _repair_mmpose_visualization():
    with _lend(
        'torchvision', 'transforms', lambda: {'ToPILImage': _ToPILImage}
    ):
        yield


@contextmanager
def _repair_checkpoint():
    yield
    if not _has_allow_list():
        return
    allow_checkpoint_types()
    # torch unpickles anything that comes from an address.
    module = sys.modules['mmengine.runner.checkpoint']
    module.load_url = partial(module.load_url, weights_only=True)


@contextmanager
def _repair_config():
    yield
    sys.modules['mmengine.config.utils'].MODULE2PACKAGE['mmbopr'] = 'mmbopr'


@contextmanager
def _repair_installed_path(name: str):
    yield
    module = sys.modules[name]
    get_installed_path = module.get_installed_path
    module.get_installed_path = lambda package: (
        os.path.dirname(__file__)
        if package == 'mmbopr'
        else get_installed_path(package)
    )


_REPAIRS = {
    'mmpose.models': _repair_mmpose_models,
    'mmpose.visualization': _repair_mmpose_visualization,
    'mmengine.runner.checkpoint': _repair_checkpoint,
    'mmengine.config.utils': _repair_config,
    **{
        name: partial(_repair_installed_path, name)
        for name in ('mmengine.config.config', 'mmengine.hub.hub')
    },
}


def _has_allow_list() -> bool:
    """Whether torch reads files with ``weights_only`` unless told not to."""
    import torch
    from mmengine.utils import digit_version

    return digit_version(torch.__version__) >= digit_version('2.6.0')


def allow_checkpoint_types() -> None:
    """Let ``torch.load(weights_only=True)`` read MMEngine's checkpoints."""
    import numpy as np
    import torch
    from mmengine.logging.history_buffer import HistoryBuffer

    reconstruct = np.zeros(0).__reduce__()[0]
    scalar = np.float64(0).__reduce__()[0]
    allowed = [
        HistoryBuffer,
        np.ndarray,
        np.dtype,
        (_history_buffer_attribute, 'builtins.getattr'),
    ]
    # NumPy 1 and 2 spell these modules differently; a checkpoint of either
    # can be read under the other.
    for core in ('numpy.core', 'numpy._core'):
        allowed += [
            (reconstruct, f'{core}.multiarray._reconstruct'),
            (scalar, f'{core}.multiarray.scalar'),
        ]
    dtypes = getattr(np, 'dtypes', None)
    if dtypes is not None:
        allowed += [getattr(dtypes, name) for name in dtypes.__all__]
    torch.serialization.add_safe_globals(allowed)


def _history_buffer_attribute(owner, name):
    """The only ``getattr`` a checkpoint may ask for.

    ``HistoryBuffer`` pickles its statistics as ``getattr(HistoryBuffer,
    'mean')``; the built-in itself would give a crafted file far too much.
    """
    from mmengine.logging.history_buffer import HistoryBuffer

    if owner is HistoryBuffer and name in ('min', 'max', 'mean', 'current'):
        return getattr(owner, name)
    raise ValueError(f'checkpoint asks for attribute {name!r} of {owner!r}')


# --- the import hook
class _RepairingLoader(importlib.machinery.SourceFileLoader):
    """Runs a module's code inside its repair."""

    def exec_module(self, module):
        with _REPAIRS[module.__name__]():
            super().exec_module(module)


class _RepairFinder:
    """Finds the modules of ``_REPAIRS`` and the stand-in for xtcocotools."""

    def find_spec(self, name, path=None, target=None):
        if name in _REPAIRS:
            spec = importlib.machinery.PathFinder.find_spec(name, path)
            if spec is not None:
                spec.loader = _RepairingLoader(spec.name, spec.origin)
            return spec
        return None


class _CocoStandIn:
    """Serves ``xtcocotools`` from ``pycocotools``; asked last of all.

    The package itself stays an empty one: with the path of pycocotools, its
    modules would be loaded a second time, under other names.
    """

    def find_spec(self, name, path=None, target=None):
        package, _, rest = name.partition('.')
        if package != 'xtcocotools' or not _importable('pycocotools'):
            return None
        return importlib.machinery.ModuleSpec(
            name,
            self,
            is_package=not rest,
            origin=name.replace(package, 'pycocotools', 1),
        )

    def create_module(self, spec):
        """Leave it to the import system."""

    def exec_module(self, module):
        spec = module.__spec__
        if spec.parent != spec.name:
            sys.modules[spec.name] = importlib.import_module(spec.origin)
            return
        from importlib import metadata

        # No distribution of its own would tell who asks for the version.
        with suppress(metadata.PackageNotFoundError):
            version = metadata.version(spec.origin)
            module.__version__ = f'{version}+{spec.origin}'


def install_import_repairs() -> None:
    """Register the import hook; repair what is already imported."""
    if any(isinstance(f, _RepairFinder) for f in sys.meta_path):
        return
    sys.meta_path.insert(0, _RepairFinder())
    sys.meta_path.append(_CocoStandIn())
    for name, repair in _REPAIRS.items():
        if name in sys.modules:
            with ExitStack() as stack:
                stack.enter_context(repair())
