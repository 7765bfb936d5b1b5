"""Measure how long it takes to draw people over an image.

Three people of the open body stand before a camera of 1920 x 1080 pixels,
each about 800 pixels high, and hide each other in part.

    python tools/analysis_tools/benchmark_renderer.py
"""

import argparse
import statistics
import time

import cv2
import numpy as np
import torch

from mmbopr.body_models import SMPL
from mmbopr.utils.camera import perspective_project
from mmbopr.visualization import render_meshes

_WIDTH, _HEIGHT = 1920, 1080
_K = torch.tensor([2000.0, 2000.0, _WIDTH / 2, _HEIGHT / 2])


def place_people(body_model: SMPL, count: int) -> torch.Tensor:
    """People side by side, 0.65 m apart, in random poses.

    Returns:
        Tensor: (P, V, 3) metres, camera frame.
    """
    rng = np.random.default_rng(0)
    x = 0.65 * (np.arange(count) - (count - 1) / 2)
    z = 4.2 + 0.3 * (np.arange(count) % 2)
    params = dict(
        betas=rng.normal(size=(count, 10)),
        body_pose=rng.normal(scale=0.15, size=(count, 69)),
        global_orient=np.tile([np.pi, 0, 0], (count, 1)),
        transl=np.stack([x, np.full(count, 0.2), z], 1),
    )
    params = {k: torch.from_numpy(v).float() for k, v in params.items()}
    return body_model(**params).vertices


def main() -> None:
    """Draw again and again, and print the seconds."""
    parser = argparse.ArgumentParser(description=__doc__.split('\n')[0])
    parser.add_argument('--people', type=int, default=3)
    parser.add_argument('--repeats', type=int, default=10)
    parser.add_argument('--out', help='picture to write (*.png)')
    args = parser.parse_args()
    body_model = SMPL('open')
    vertices = place_people(body_model, args.people)
    pixels = perspective_project(vertices, _K.expand(args.people, 4))
    heights = (pixels[..., 1].amax(1) - pixels[..., 1].amin(1)).tolist()
    image = np.full((_HEIGHT, _WIDTH, 3), 96, np.uint8)
    seconds, cpu_seconds = [], []
    for _ in range(1 + args.repeats):
        start, cpu_start = time.perf_counter(), time.process_time()
        picture = render_meshes(image, vertices, body_model.faces, _K)
        seconds.append(time.perf_counter() - start)
        cpu_seconds.append(time.process_time() - cpu_start)
    if args.out:
        cv2.imwrite(args.out, picture[..., ::-1])
    print(
        f'{args.people} people of {", ".join(f"{h:.0f}" for h in heights)} '
        f'pixels: median {statistics.median(seconds[1:]):.3f} s, best '
        f'{min(seconds[1:]):.3f} s a frame ('
        f'{statistics.median(cpu_seconds[1:]):.3f} s of CPU time, '
        f'{torch.get_num_threads()} threads)'
    )


if __name__ == '__main__':
    main()
