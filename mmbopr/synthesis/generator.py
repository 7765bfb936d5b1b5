"""Make a data set of synthetic people, reproducibly and on several cores.

Each image has its own seed, and images are made in chunks of fixed content,
so that the bytes depend on the settings alone, not on the number of workers.
"""

import math
import tempfile
from concurrent.futures import Executor
from dataclasses import asdict
from functools import lru_cache, partial
from pathlib import Path
from typing import List, Tuple

import cv2
import numpy as np
from mmengine.logging import print_log
from mmengine.utils import ProgressBar

from mmbopr.body_models import SMPL
from mmbopr.utils.worker_pool import worker_pool

from .people import Person, draw_people
from .picture import render_scene
from .records import DATASET_NAME, Row, body_annotation, save_rows
from .rest_space import RestSpace, rest_space
from .scene import sample_scene
from .settings import GENERATOR_VERSION, SPLITS, Settings, is_made
from .visibility import occlusion_fraction, visible_joints

# People less visible than this teach and test nothing.
MAX_OCCLUSION = 0.8
MIN_BOX_SIDE = 48
_CHUNK_IMAGES = 16
_ROWS_PER_IMAGE = 1.85  # a guess; only the number of rounds depends on it
_PEOPLE_SHARES = (0.25, 0.45, 0.3)  # of images with 1, 2, 3 people
_JPEG = (cv2.IMWRITE_JPEG_QUALITY, 90)


@lru_cache(maxsize=1)
def _open_body() -> Tuple[SMPL, RestSpace]:
    body = SMPL('open')
    return body, rest_space(body)


def _make_chunk(
    folder: Path, settings: Settings, split: str, first_image: int
) -> Tuple[List[Row], int]:
    """Make one chunk of images in ``folder``.

    Returns:
        tuple: The rows, and how many people are in none of them.
    """
    body, rest = _open_body()
    frames = range(first_image, first_image + _CHUNK_IMAGES)
    scene_rngs, person_rngs, counts = [], [], []
    for frame in frames:
        key = (SPLITS.index(split), frame)
        seeds = np.random.SeedSequence(settings.seed, spawn_key=key)
        rng, *others = map(np.random.default_rng, seeds.spawn(4))
        counts.append(1 + rng.choice(3, p=_PEOPLE_SHARES))
        scene_rngs.append(rng)
        person_rngs += others[: counts[-1]]
    people = draw_people(body, person_rngs, settings.preset)
    rows: List[Row] = []
    for frame, rng, count in zip(frames, scene_rngs, counts, strict=True):
        crowd, people = people[:count], people[count:]
        path = f'images/{split}_{frame:06d}.jpg'
        image, image_rows = _make_image(rng, crowd, rest)
        if not image_rows:
            continue
        for row in image_rows:
            row.update(img_path=path, frame=frame, seq=settings.preset)
        rows += image_rows
        _, encoded = cv2.imencode('.jpg', image, _JPEG)
        (folder / path).write_bytes(encoded.tobytes())
    return rows, sum(counts) - len(rows)


def _make_image(
    rng: np.random.Generator, crowd: List[Person], rest: RestSpace
) -> Tuple[np.ndarray, List[Row]]:
    """Render people together; rows of those that are seen well enough."""
    scene = sample_scene(rng, crowd)
    picture = render_scene(rng, scene, rest)
    rows = []
    for index, placed in enumerate(scene.people):
        occlusion = occlusion_fraction(
            picture.layers[index], index, picture.buffer
        )
        row = body_annotation(placed, scene.viewpoint)
        if occlusion > MAX_OCCLUSION or row['bbox_cs'][2] < MIN_BOX_SIDE:
            continue
        keypoints = placed.to_world(placed.person.keypoints)
        visible = visible_joints(
            scene.viewpoint.to_camera(keypoints),
            rest.thickness,
            index,
            picture.buffer,
            scene.viewpoint,
        )
        row.update(
            person=index,
            dataset=DATASET_NAME,
            occlusion=occlusion,
            visible=visible,
            has_smpl=True,
            has_kp3d=True,
            has_kp2d=True,
        )
        rows.append(row)
    return picture.image, rows


def _make_split(
    pool: Executor,
    folder: Path,
    settings: Settings,
    split: str,
) -> None:
    """Make images until there are rows enough; write the rows."""
    count = settings.count(split)
    progress = ProgressBar(count)
    rows: List[Row] = []
    image = left_out = 0
    make = partial(_make_chunk, folder, settings, split)
    while len(rows) < count:
        missing = count - len(rows)
        chunks = math.ceil(missing / (_ROWS_PER_IMAGE * _CHUNK_IMAGES))
        stop = image + chunks * _CHUNK_IMAGES
        for chunk, unfit in pool.map(make, range(image, stop, _CHUNK_IMAGES)):
            left_out += unfit
            chunk = chunk[: count - len(rows)]
            rows += chunk
            if chunk:
                progress.update(len(chunk))
        image = stop
    print_log(
        f'\n{split}: {count} people; {left_out} more are in the pictures '
        f'without a row, since they are more than {MAX_OCCLUSION:.0%} hidden '
        f'or smaller than {MIN_BOX_SIDE} px'
    )
    used = {row['img_path'] for row in rows}
    for path in (folder / 'images').glob(f'{split}_*.jpg'):
        if f'images/{path.name}' not in used:
            path.unlink()
    save_rows(
        folder / f'{split}.npz',
        rows,
        body_model_id=_open_body()[0].body_model_id,
        generator_version=GENERATOR_VERSION,
        **asdict(settings),
    )


def make_open_people(
    folder: Path, settings: Settings, workers: int = 1
) -> bool:
    """Make a data set: ``images/``, ``train.npz`` and ``test.npz``.

    It is made beside ``folder`` under a temporary name and moved there when
    complete, so that an interrupted run leaves nothing under the final name.

    Args:
        folder: Where to put it; must be new, empty, or hold the same set.
        settings: What to make.
        workers: Number of processes; the bytes do not depend on it.

    Returns:
        bool: False if the same data set was there already.

    Raises:
        FileExistsError: If ``folder`` holds anything else.
        ValueError: If ``workers`` is less than 1.
    """
    folder = Path(folder).absolute()
    if is_made(folder, settings):
        return False
    folder.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(
        prefix=f'.{folder.name}-', dir=folder.parent
    ) as scratch:
        draft = Path(scratch) / folder.name
        (draft / 'images').mkdir(parents=True)
        with worker_pool(workers) as pool:
            for split in SPLITS:
                if settings.count(split):
                    _make_split(pool, draft, settings, split)
        draft.rename(folder)
    return True
