"""What is on the page and what its buttons do; needs gradio."""

from functools import partial
from html import escape
from pathlib import Path
from tempfile import TemporaryDirectory
from time import perf_counter
from typing import Any, Dict, Iterator, Optional, Sequence

import gradio as gr
import numpy as np

from mmbopr.apis import read_picture
from mmbopr.structures.picture import Picture

from .answer_views import draw_attention, draw_views, viewer_frame, write_files
from .layout import Question, Reply, lay_out_question, lay_out_reply
from .photo_model import Answer, PhotoModel, shrink_image
from .tables import joint_rows, people_rows, shape_table
from .typed_settings import parse_boxes, parse_camera

_NOBODY = (
    'Nobody was found. Type a box around each person, or choose “One person '
    'fills the photo”; the pedestrian detector is weak and wants people who '
    'stand upright and whole.'
)
_HEADING = """\
# Human mesh recovery
Choose a photo, say who is in it, and press *Recover*. {}
"""
_SHOWN = 1280  # px, longer side of pictures on the page
_MAX_WAITING = 32
_DELETE_EVERY, _DELETE_AFTER = 600, 3600  # seconds
Updates = Dict[Any, Any]  # component -> what it is to show


def build_page(model: PhotoModel, note: str = '') -> gr.Blocks:
    """The page, ready to be launched.

    Args:
        model: What it asks.
        note: Stands below the heading.
    """
    with gr.Blocks(
        title='mmbopr',
        analytics_enabled=False,
        delete_cache=(_DELETE_EVERY, _DELETE_AFTER),
    ) as page:
        gr.Markdown(_HEADING.format(escape(note)))
        with gr.Row():
            with gr.Column(scale=1, min_width=320):
                question = lay_out_question(list(model.detectors))
            with gr.Column(scale=3, min_width=480):
                reply = lay_out_reply()
    with page:
        _connect(model, question, reply)
    return page.queue(max_size=_MAX_WAITING, api_open=False)


def _connect(model: PhotoModel, question: Question, reply: Reply) -> None:
    gr.on(
        [question.photo.upload, question.photo.clear],
        partial(_show_photo, question, reply),
        question.photo,
        [question.preview, question.message, reply.area],
        api_visibility='private',
        show_progress='hidden',
    )
    question.button.click(
        partial(_answer, model, question, reply),
        [
            question.photo,
            question.detector,
            question.boxes,
            question.camera,
            question.layers,
        ],
        [question.message, *reply],
        api_visibility='private',
        # Nothing in the model is made for two at a time.
        concurrency_limit=1,
        show_progress_on=question.message,
    )


def _show_photo(
    question: Question, reply: Reply, path: Optional[str]
) -> Updates:
    """Show a photo as it was understood, and put the last answer away."""
    updates = {
        question.preview: gr.update(value=None, visible=False),
        question.message: '',
        reply.area: gr.update(visible=False),
    }
    if path is None:
        return updates
    try:
        picture = _read(path)
    except OSError as error:
        return updates | {question.message: _complaint(error, path)}
    image = shrink_image(picture.img, _SHOWN)[..., ::-1]
    image = np.ascontiguousarray(image)
    return updates | {question.preview: gr.update(value=image, visible=True)}


def _answer(
    model: PhotoModel,
    question: Question,
    reply: Reply,
    path: Optional[str],
    detector: str,
    boxes: str,
    camera: str,
    layers: Sequence[str],
) -> Iterator[Updates]:
    """Answer; what is written lives until gradio has fetched it."""
    hidden = {reply.area: gr.update(visible=False)}
    if path is None:
        yield hidden | {question.message: _note('Choose a photo first.', True)}
        return
    start = perf_counter()
    try:
        picture = _read(path)
        K = parse_camera(camera, picture.img.shape[:2])
        answer = model.answer(picture, detector, parse_boxes(boxes), K)
    except (OSError, ValueError) as error:
        yield hidden | {question.message: _complaint(error, path)}
        return
    seconds = perf_counter() - start
    count = len(answer.result)
    if not count:
        yield hidden | {question.message: _note(_NOBODY, True)}
        return
    people = '1 person' if count == 1 else f'{count} people'
    said = {question.message: _note(f'{people} in {seconds:.2f} s')}
    with TemporaryDirectory() as folder:
        yield said | _show_answer(model, answer, reply, layers, Path(folder))


def _show_answer(
    model: PhotoModel,
    answer: Answer,
    reply: Reply,
    layers: Sequence[str],
    folder: Path,
) -> Updates:
    body_model, result = model.body_model, answer.result
    shown = answer.shrunk(_SHOWN)
    views = draw_views(shown, body_model, layers)
    attention = draw_attention(shown, body_model)
    files = write_files(answer, body_model, folder, Path(result.img_path).stem)
    viewer = viewer_frame(Path(files['html']).read_text(encoding='utf-8'))
    return {
        reply.area: gr.update(visible=True),
        reply.overlay: views['overlay'],
        reply.side: views['side'],
        reply.top: views['top'],
        reply.viewer: viewer,
        reply.attention_tab: gr.update(visible=bool(attention)),
        reply.attention: attention,
        reply.people: people_rows(result, body_model),
        reply.joints: joint_rows(result),
        reply.betas: shape_table(result),
        reply.json: files['json'],
        reply.glb: files['glb'],
        reply.html: files['html'],
    }


def _read(path: str) -> Picture:
    return Picture(read_picture(path), Path(path).name)


def _complaint(error: Exception, path: str) -> str:
    """The message of an error; where uploads lie is nobody's business."""
    return _note(str(error).replace(path, Path(path).name), True)


def _note(text: str, is_error: bool = False) -> str:
    kind = 'note error' if is_error else 'note'
    return f'<p class="{kind}" role="status">{escape(text)}</p>'
