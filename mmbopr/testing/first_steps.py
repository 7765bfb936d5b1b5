"""What a reader of the documentation has by then, made in seconds.

    python -m mmbopr.testing.first_steps

writes into the current folder what the commands of other pages find there:

- ``data/open_people`` (a few people), ``work_dirs/first/epoch_9.pth`` (the
  network of the demo, untrained) and ``work_dirs/first/test.npz``, of the
  README's first commands;
- ``work_dirs/demo/epoch_9.pth``, the same network, of ``make demo``;
- ``photo.jpg``, ``photos/`` and ``film.mp4``, for the reader's own.
"""

import runpy
import shutil
import sys
from pathlib import Path

import cv2
import torch
from mmengine.config import Config
from mmengine.registry import init_default_scope

from mmbopr.registry import MODELS
from mmbopr.video import open_video_writer

CONFIG = 'configs/open/bopr_resnet18_1xb16-9e_open-people-96x96.py'
CHECKPOINT = 'work_dirs/first/epoch_9.pth'
DEMO = Path('work_dirs/demo')
PHOTO = 'data/open_people/images/train_000001.jpg'
FRAMES = 6


def _run(tool: str, *arguments: str) -> None:
    sys.argv = [tool, *arguments]
    runpy.run_path(tool, run_name='__main__')


def _save_checkpoint() -> None:
    cfg = Config.fromfile(CONFIG)
    init_default_scope('mmbopr')
    torch.manual_seed(0)
    model = MODELS.build(cfg.model)
    Path(CHECKPOINT).parent.mkdir(parents=True, exist_ok=True)
    state = dict(meta=dict(cfg=cfg.pretty_text), state_dict=model.state_dict())
    torch.save(state, CHECKPOINT)


def _take_photos() -> None:
    """Pictures in which the default detector finds somebody."""
    Path('photos').mkdir()
    for copy in ('photo.jpg', 'photos/beach.jpg', 'photos/street.jpg'):
        shutil.copy(PHOTO, copy)
    photo = cv2.imread(PHOTO)
    with open_video_writer('film.mp4', 25) as writer:
        for _ in range(FRAMES):
            writer.write(photo)


def main() -> None:
    """Make them, as the commands themselves would."""
    _run(
        'tools/dataset_converters/make_open_people.py',
        *('--out', 'data/open_people', '--num-train', '32'),
        *('--num-test', '4', '--seed', '0'),
    )
    _save_checkpoint()
    _run(
        'tools/test.py', CONFIG, CHECKPOINT,
        '--work-dir', 'work_dirs/first', '--dump', 'work_dirs/first/test.npz',
    )  # fmt: skip
    DEMO.mkdir(parents=True)
    shutil.copy(CHECKPOINT, DEMO)
    _take_photos()


if __name__ == '__main__':
    main()
