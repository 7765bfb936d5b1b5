"""What is installed, and what is missing."""

import importlib
import importlib.metadata
import platform
from typing import NamedTuple

from mmbopr.compat import has_mmcv_ops
from mmbopr.version import __version__

REQUIRED = (
    'torch',
    'numpy',
    'mmengine',
    'mmcv',
    'mmpose',
    'smplx',
    'scipy',
    'cv2',
    'xtcocotools',
)
INSTALL_HINT = 'run "make install"'


class Optional(NamedTuple):
    """A part that mmbopr works without.

    Attributes:
        module: What is imported.
        gives: What it adds.
        install: How to get it.
    """

    module: str
    gives: str
    install: str


OPTIONAL = (
    Optional(
        'mmcv._ext',
        'compiled operators (deformable convolution, NMS) for MMPose models '
        'that use them; BoPR needs none',
        'the full mmcv==2.1.0 that matches torch, in place of mmcv-lite',
    ),
    Optional(
        'mmdet',
        'MMPose models and person detectors built on MMDetection',
        'pip install "mmdet>=3.0,<3.4" (needs the full mmcv)',
    ),
    Optional(
        'tensorboard',
        'training curves through TensorboardVisBackend',
        'pip install tensorboard',
    ),
    Optional(
        'h5py',
        'conversion of Human3.6M and of the test set of MPI-INF-3DHP',
        'pip install h5py',
    ),
    Optional('cdflib', 'conversion of Human3.6M', 'pip install cdflib'),
    Optional('onnx', 'export to ONNX files', 'pip install onnx'),
    Optional('onnxscript', 'export to ONNX files', 'pip install onnxscript'),
    Optional(
        'onnxruntime',
        'inference from ONNX files, and what rtmlib runs on',
        'pip install onnxruntime',
    ),
    Optional(
        'openvino',
        'quick inference from ONNX files on a CPU',
        'pip install openvino',
    ),
    Optional(
        'rtmlib',
        'person detection by YOLOX (--det rtm) on onnxruntime',
        'pip install --no-deps rtmlib (its dependencies would bring a second '
        'OpenCV)',
    ),
    Optional(
        'gradio',
        'the page to try a model in a browser',
        'pip install gradio',
    ),
)


def version_of(module: str) -> str:
    """Version of an importable module.

    Raises:
        ImportError: If it cannot be imported.
    """
    imported = importlib.import_module(module)
    version = getattr(imported, '__version__', None)
    return str(version or importlib.metadata.version(module))


def is_available(part: Optional) -> bool:
    """Whether an optional part works here."""
    if part.module == 'mmcv._ext':
        return has_mmcv_ops()
    try:
        importlib.import_module(part.module)
    # What a broken one raises, nobody knows.
    except Exception:
        return False
    return True


def report() -> bool:
    """Print the state of the installation.

    Returns:
        bool: whether everything that is required works.
    """
    print(f'mmbopr {__version__}, Python {platform.python_version()}')
    healthy = True
    for module in REQUIRED:
        try:
            print(f'  {module:12} {version_of(module)}')
        except ImportError as error:
            healthy = False
            print(f'  {module:12} MISSING ({error}): {INSTALL_HINT}')
    if not healthy:
        return False
    _report_devices()
    print('Optional parts:')
    for part in OPTIONAL:
        if is_available(part):
            print(f'  {part.module:12} there')
        else:
            print(f'  {part.module:12} not there. Gives: {part.gives}.')
            print(f'  {"":12} Get it: {part.install}.')
    _check_body()
    return True


def _report_devices() -> None:
    import torch

    if torch.cuda.is_available():
        print(f'  device       {torch.cuda.get_device_name()}')
    else:
        print(f'  device       CPU, {torch.get_num_threads()} threads')


def _check_body() -> None:
    """Pose the open body, as a check that the numerics work."""
    from mmbopr.body_models import SMPL

    body = SMPL('open')
    vertices = body().vertices[0]
    height = (vertices[:, 1].max() - vertices[:, 1].min()).item()
    print(
        f'Open body: {body.num_vertices} vertices, {height:.2f} m tall at '
        'rest. SMPL files: see "SMPL and real data sets" in the README.'
    )
