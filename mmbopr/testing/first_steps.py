"""What the README's first commands leave behind, made in seconds.

    python -m mmbopr.testing.first_steps

writes ``data/open_people`` (a few people), ``work_dirs/first/epoch_9.pth``
(the network of the demo, untrained) and ``work_dirs/first/test.npz`` into the
current folder, so that the commands of other pages find them.
"""

import runpy
import sys
from pathlib import Path

import torch
from mmengine.config import Config
from mmengine.registry import init_default_scope

from mmbopr.registry import MODELS

CONFIG = 'configs/open/bopr_resnet18_1xb16-9e_open-people-96x96.py'
CHECKPOINT = 'work_dirs/first/epoch_9.pth'


def _run(tool: str, *arguments: str) -> None:
    sys.argv = [tool, *arguments]
    runpy.run_path(tool, run_name='__main__')


def main() -> None:
    """Make them, as the commands themselves would."""
    _run(
        'tools/dataset_converters/make_open_people.py',
        *('--out', 'data/open_people', '--num-train', '16'),
        *('--num-test', '4', '--seed', '0'),
    )
    cfg = Config.fromfile(CONFIG)
    init_default_scope('mmbopr')
    torch.manual_seed(0)
    model = MODELS.build(cfg.model)
    Path(CHECKPOINT).parent.mkdir(parents=True, exist_ok=True)
    torch.save({'meta': {}, 'state_dict': model.state_dict()}, CHECKPOINT)
    _run(
        'tools/test.py', CONFIG, CHECKPOINT,
        '--work-dir', 'work_dirs/first', '--dump', 'work_dirs/first/test.npz',
    )  # fmt: skip


if __name__ == '__main__':
    main()
