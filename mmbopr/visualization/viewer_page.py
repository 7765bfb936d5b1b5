"""A page on which the meshes of results are turned by the mouse.

One file that needs no network: data, code and three.js are inside of it.
"""

import base64
import json
import re
from html import escape
from importlib.resources import files
from pathlib import Path
from typing import Any, Dict, Iterable, List, Optional, Sequence, Union

import cv2
import numpy as np

from mmbopr.body_models import SMPL
from mmbopr.structures import MeshResult, MeshTrack
from mmbopr.utils.atomic import replace_when_complete

from .posed_people import PosedPeople, person_names, pose_people, statures
from .track_frames import TrackFrame, frames_of_tracks

_STEPS = 32767  # of a coordinate, to either side of a body's middle
_PHOTO_SIZE = 1280
_JPEG_QUALITY = 82
# What browsers still open without trouble.
_MAX_CHARACTERS = 400e6

ResultsType = Union[
    MeshResult, MeshTrack, Sequence[MeshResult], Sequence[MeshTrack]
]


def write_viewer_page(
    path: Union[str, Path],
    results: ResultsType,
    body_model: SMPL,
    images: Optional[Iterable[Optional[np.ndarray]]] = None,
    *,
    title: str = '',
    fps: float = 10.0,
) -> None:
    """Write an HTML page to look at results from all sides.

    The meshes are turned, moved and zoomed with the mouse; a slider and a
    play button go through the frames. A person of the open body takes 54 kB
    a frame, the page without people 0.8 MB. Vertices are rounded to 1/65534
    of the body's longest side: 0.02 mm for one of 1.7 m.

    Args:
        path: File name, ``*.html``; whole or not there at all.
        results: Of one image, or of several as the frames in this order; or
            tracks, whose frames are put together by their numbers.
        body_model: The body that the results belong to.
        images: Of every frame the (H, W, 3) uint8 RGB image to stand behind
            the people, or None.
        title: Heading of the page; the file's name by default.
        fps: Frames a second when playing; that of the tracks, if given.

    Raises:
        ValueError: If there is no frame, a result belongs to another body,
            there are not as many images as frames, or the page would be too
            large for a browser; or a number is not finite.
    """
    path = Path(path)
    frames = _frames_of(results)
    if not frames:
        raise ValueError(f'{path}: there is no result to show')
    if isinstance(frames[0], TrackFrame):
        fps = frames[0].fps
    data = _page_data(path, frames, body_model, images)
    content = dict(
        title=escape(title or path.stem),
        data=_json(data | dict(fps=fps)),
        licence=_asset('THREE_LICENSE'),
        style=_asset('page.css'),
        three=_asset('three.min.js'),
        scene=_asset('scene.js'),
        controls=_asset('controls.js'),
    )
    page = re.sub(
        r'{{(\w+)}}', lambda match: content[match[1]], _asset('page.html')
    )
    with replace_when_complete(path) as temporary:
        temporary.write_text(page, encoding='utf-8')


def _json(data: Dict[str, Any]) -> str:
    """JSON that may stand inside of a script element."""
    return json.dumps(data).replace('<', '\\u003c')


def _asset(name: str) -> str:
    folder = files('mmbopr.visualization') / 'viewer'
    return (folder / name).read_text(encoding='utf-8')


def _frames_of(results: ResultsType) -> list:
    if isinstance(results, (MeshResult, MeshTrack)):
        results = [results]
    results = list(results)
    if results and isinstance(results[0], MeshTrack):
        return frames_of_tracks(results)
    return results


def _page_data(path, frames, body_model, images) -> Dict[str, Any]:
    if images is None:
        images = [None] * len(frames)
    described, corners, size = [], [], 0
    for frame, image in zip(frames, images, strict=True):
        people = pose_people(frame, body_model)
        described.append(_describe_frame(frame, people, body_model, image))
        corners += [people.vertices.amin(1), people.vertices.amax(1)]
        size += len(_json(described[-1]))
        if size > _MAX_CHARACTERS:
            raise ValueError(
                f'{path}: after {len(described)} of {len(frames)} frames the '
                f'page has more than {_MAX_CHARACTERS / 1e6:.0f} MB, too much '
                'for browsers: pass fewer frames, for example every fifth, '
                'or leave out the images'
            )
    corners = np.concatenate(corners).reshape(-1, 3)
    # Without anybody: what a camera sees at three metres.
    low, high = (
        (corners.min(0), corners.max(0))
        if len(corners)
        else (np.array([-1, -1, 2]), np.array([1, 1, 4]))
    )
    return dict(
        vertices=body_model.num_vertices,
        faces=_base64(body_model.faces.cpu().numpy(), '<u4'),
        frames=described,
        middle=((low + high) / 2).tolist(),
        lowest=float(high[1]),
        far=float(max(high[2], 0) * 1.05 + 0.5),
    )


def _describe_frame(
    frame: Union[MeshResult, TrackFrame],
    people: PosedPeople,
    body_model: SMPL,
    image: Optional[np.ndarray],
) -> Dict[str, Any]:
    number = None if frame.frame is None else f'frame {frame.frame}'
    height, width = frame.img_shape
    return dict(
        name=', '.join(filter(None, (Path(frame.img_path).name, number))),
        K=frame.K.tolist(),
        size=[width, height],
        photo=None if image is None else _photo(image),
        people=_describe_people(frame, people, body_model),
    )


def _describe_people(frame, people, body_model) -> List[Dict[str, Any]]:
    colors = people.colors.int().tolist()
    heights = statures(frame.betas, body_model).tolist()
    return [
        dict(
            name=name,
            color='#{:02x}{:02x}{:02x}'.format(*color),
            position=position,
            height=height,
            **_quantise(vertices.numpy()),
        )
        for name, color, position, height, vertices in zip(
            person_names(frame),
            colors,
            people.pelvis.tolist(),
            heights,
            people.vertices,
            strict=True,
        )
    ]


def _quantise(vertices: np.ndarray) -> Dict[str, Any]:
    """``offset + step * vertices`` gives the vertices (V, 3) back."""
    low, high = vertices.min(0), vertices.max(0)
    offset = (low + high) / 2
    step = float((high - low).max()) / (2 * _STEPS)
    steps = np.rint((vertices - offset) / step).clip(-_STEPS, _STEPS)
    return dict(
        offset=offset.tolist(), step=step, vertices=_base64(steps, '<i2')
    )


def _base64(array: np.ndarray, dtype: str) -> str:
    return base64.b64encode(array.astype(dtype).tobytes()).decode()


def _photo(image: np.ndarray) -> str:
    zoom = min(1.0, _PHOTO_SIZE / max(image.shape[:2]))
    if zoom < 1:
        image = cv2.resize(
            image, None, fx=zoom, fy=zoom, interpolation=cv2.INTER_AREA
        )
    quality = [cv2.IMWRITE_JPEG_QUALITY, _JPEG_QUALITY]
    _, content = cv2.imencode('.jpg', image[..., ::-1], quality)
    text = base64.b64encode(content.tobytes()).decode()
    return f'data:image/jpeg;base64,{text}'
