"""Measure how many training samples one process prepares per second.

Makes synthetic people, once as in a 1080p video and once as in COCO, and
runs the training pipeline on them in a single thread, with images in the
page cache.  Grain makes the JPEG files as large as those of photographs.

    python tools/analysis_tools/benchmark_pipeline.py
"""

import argparse
import tempfile
from pathlib import Path

import cv2
import mmengine.runner
import numpy as np
import torch
from mmengine.registry import DATASETS

from mmbopr.engine.dataloader_benchmark import time_transforms
from mmbopr.testing.people import make_people

IMAGE_SIZES = ((1920, 1080), (480, 360))


def pipeline(reduce: bool) -> list:
    """The training pipeline, with or without reduced decoding."""
    size = (224, 224)
    return [
        dict(type='mmbopr.MeshRandomFlip'),
        dict(type='mmbopr.MeshRandomBBoxTransform'),
        dict(type='mmbopr.LoadMeshImage', reduce_for=size if reduce else None),
        dict(type='mmbopr.MeshTopdownAffine', input_size=size),
        dict(type='mmbopr.SyntheticOcclusion'),
        dict(type='mmbopr.RandomChannelGain'),
        dict(type='mmbopr.PackMeshInputs'),
    ]


def add_grain(img_dir: Path) -> float:
    """Make pictures as hard to decode as photographs; mean kB of a file."""
    rng = np.random.default_rng(0)
    for path in img_dir.iterdir():
        img = cv2.imread(str(path))
        grain = rng.normal(0, 9, img.shape).astype(np.float32)
        img = img + cv2.GaussianBlur(grain, (0, 0), 0.8)
        img = np.rint(img).clip(0, 255).astype(np.uint8)
        cv2.imwrite(str(path), img, [cv2.IMWRITE_JPEG_QUALITY, 90])
    return np.mean([x.stat().st_size for x in img_dir.iterdir()]) / 1e3


def main() -> None:
    """Run all cases."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument('--num-people', type=int, default=12)
    parser.add_argument('--num-samples', type=int, default=300)
    args = parser.parse_args()
    cv2.setNumThreads(0)
    torch.set_num_threads(1)
    for image_size in IMAGE_SIZES:
        with tempfile.TemporaryDirectory() as folder:
            make_people(folder, args.num_people, image_size=image_size)
            kilobytes = add_grain(Path(folder) / 'images')
            for reduce in (False, True):
                dataset = DATASETS.build(
                    dict(
                        type='mmbopr.BodyMeshDataset',
                        ann_file='people.npz',
                        data_root=folder,
                        pipeline=pipeline(reduce),
                    )
                )
                time_transforms(dataset, args.num_people)  # warm up
                mmengine.runner.set_random_seed(0)
                steps = time_transforms(dataset, args.num_samples)
                total = sum(steps.values())
                kind = 'reduced' if reduce else 'full'
                print(
                    f'{image_size[0]}x{image_size[1]}, '
                    f'{kilobytes:.0f} kB, {kind} decoding: '
                    f'{1e3 / total:.0f} samples/s, {total:.2f} CPU ms each'
                )
                for name, milliseconds in steps.items():
                    print(f'    {name:24s} {milliseconds:6.2f} ms')


if __name__ == '__main__':
    main()
