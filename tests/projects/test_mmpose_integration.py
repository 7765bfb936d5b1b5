"""MMPose's own tools run our parts, as an MMPose project would."""

import json
import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
import torch
from mmengine.config import Config
from mmengine.dataset import Compose
from mmengine.hub import get_model
from mmengine.registry import DefaultScope
from mmengine.utils import get_installed_path

from mmbopr.datasets import BodyMeshDataset
from mmbopr.testing.tiny_config import make_tiny_data

ROOT = Path(__file__).parents[2]
CONFIGS = ROOT / 'projects/mmpose_integration/configs'
TOOLS = Path(get_installed_path('mmpose')) / '.mim/tools'


@pytest.fixture(scope='module')
def data(tmp_path_factory):
    return make_tiny_data(tmp_path_factory.mktemp('people'))


def shortened(data):
    """An epoch of two steps, without downloads and workers."""
    options = {
        'train_cfg.max_epochs': 1,
        'train_cfg.val_interval': 1,
        'train_dataloader.batch_size': 4,
        'model.backbone.init_cfg': None,
    }
    for name in ('train', 'val', 'test'):
        split = 'train' if name == 'train' else 'test'
        options |= {
            f'{name}_dataloader.num_workers': 0,
            f'{name}_dataloader.persistent_workers': False,
            f'{name}_dataloader.dataset.data_root': str(data / split),
            f'{name}_dataloader.dataset.ann_file': 'people.npz',
        }
    return options


def run(tool, config, work_dir, data, *arguments):
    """Start a tool of MMPose; scalars that it logged at last."""
    options = [f'{k}={v}' for k, v in shortened(data).items()]
    command = [
        sys.executable, str(TOOLS / tool), str(CONFIGS / config), *arguments,
        '--work-dir', str(work_dir), '--cfg-options', *options,
    ]  # fmt: skip
    result = subprocess.run(
        command,
        env={**os.environ, 'OMP_NUM_THREADS': '1', 'PYTHONPATH': str(ROOT)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert result.returncode == 0, result.stderr[-3000:]
    logs = sorted(Path(work_dir).rglob('vis_data/scalars.json'))
    if not logs:
        return {}
    scalars = {}
    for line in logs[-1].read_text().splitlines():
        scalars |= json.loads(line)
    return scalars


@pytest.mark.parametrize(
    ('config', 'terms'),
    [
        (
            'bopr_in_mmpose.py',
            {'loss_part_seg', 'loss_rel_depth', 'mesh/PA-MPJPE'},
        ),
        ('bopr_mmpose-hrnet.py', {'loss_rel_depth', 'mesh/PVE'}),
        ('pose2d_on_our_people.py', {'loss_kpt', 'PCK'}),
    ],
)
def test_mmpose_trains_and_validates(config, terms, data, tmp_path):
    scalars = run('train.py', config, tmp_path, data)

    assert terms <= scalars.keys()
    assert np.isfinite([scalars[term] for term in terms]).all()
    assert (tmp_path / 'epoch_1.pth').exists()


def test_backbone_is_that_of_mmpose():
    cfg = Config.fromfile(CONFIGS / 'bopr_mmpose-hrnet.py')
    theirs = Config.fromfile(
        TOOLS.parent / 'configs/body_2d_keypoint/topdown_heatmap/coco/'
        'td-hm_hrnet-w32_8xb64-210e_coco-256x192.py'
    )

    assert (
        cfg.model.backbone.extra.stage3 == theirs.model.backbone.extra.stage3
    )
    assert cfg.model.backbone.init_cfg == theirs.model.backbone.init_cfg
    assert cfg.model.data_preprocessor == theirs.model.data_preprocessor
    assert cfg.train_dataloader.dataset.type == 'mmbopr.BodyMeshDataset'


def test_heatmaps_peak_at_our_key_points(data):
    cfg = Config.fromfile(CONFIGS / 'pose2d_on_our_people.py')
    with DefaultScope.overwrite_default_scope('mmpose'):
        dataset = BodyMeshDataset(
            'people.npz', data_root=str(data / 'train'), test_mode=True
        )
        steps = [
            step
            for step in cfg.train_pipeline
            if not step['type'].startswith('Random')
        ]
        sample = Compose(steps)(dataset.get_data_info(0))['data_samples']

    width, height = cfg.codec.heatmap_size
    labels = sample.gt_instance_labels
    heatmaps = sample.gt_fields.heatmaps.flatten(1)
    peaks = np.stack(np.divmod(heatmaps.argmax(1), width)[::-1], 1)
    weight = labels.keypoint_weights[0].numpy()
    # From the full image to the heatmap, by hand: the box fills it.
    box = sample.gt_instances.bbox_scales[0]
    points = sample.gt_instances.keypoints[0]
    corner = np.array(sample.input_center) - np.array(sample.input_scale) / 2
    expected = (points - corner) / np.array(sample.input_scale)
    expected *= [width, height]
    inside = (weight > 0) & (heatmaps.amax(1).numpy() > 0)

    assert inside.sum() >= 10 and box.min() > 0
    assert np.abs(peaks - expected)[inside].max() < 1


def test_hub_builds_our_models():
    model = get_model(
        'mmbopr::open/bopr_resnet18_1xb16-9e_open-people-96x96.py'
    )

    assert type(model).__name__ == 'BodyMeshEstimator'
    assert isinstance(next(model.parameters()), torch.Tensor)
