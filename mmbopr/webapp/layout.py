"""What stands where on the page; needs gradio."""

from typing import NamedTuple, Sequence

import gradio as gr

from .answer_views import LAYERS
from .tables import JOINT_HEADERS, PEOPLE_HEADERS

_DETECTORS = dict(
    hog='Pedestrian detector (weak)', whole='One person fills the photo'
)
_FONT = ('system-ui', 'Segoe UI', 'Roboto', 'DejaVu Sans', 'sans-serif')
# None that sends pictures elsewhere.
_BUTTONS = ('download', 'fullscreen')
_FONT_MONO = ('ui-monospace', 'DejaVu Sans Mono', 'monospace')
STYLE = """
.note { margin: 0; padding: 8px 12px; border-radius: 8px;
  border-left: 4px solid #2563eb; background: rgba(37, 99, 235, 0.1);
  overflow-wrap: anywhere; }
.note.error { border-color: #dc2626; background: rgba(220, 38, 38, 0.1); }
iframe.viewer { display: block; width: 100%; height: 640px; border: 0;
  border-radius: 10px; }
#message .html-container { padding: 0; }
#overlay .image-frame { width: 100%; }
#overlay img { width: 100%; max-height: 720px; object-fit: contain; }
#side .icon-button-wrapper, #top .icon-button-wrapper { display: none; }
"""


def theme() -> gr.themes.Base:
    """Looks, with fonts that the reader's machine has."""
    return gr.themes.Soft(primary_hue='blue', font=_FONT, font_mono=_FONT_MONO)


class Question(NamedTuple):
    """What people fill in, and where they are spoken to."""

    photo: gr.File
    preview: gr.Image
    detector: gr.Radio
    boxes: gr.Textbox
    camera: gr.Textbox
    layers: gr.CheckboxGroup
    button: gr.Button
    message: gr.HTML


class Reply(NamedTuple):
    """Where an answer is shown; ``area`` holds all of it."""

    area: gr.Column
    overlay: gr.Image
    side: gr.Image
    top: gr.Image
    viewer: gr.HTML
    attention_tab: gr.Tab
    attention: gr.Gallery
    people: gr.Dataframe
    joints: gr.Dataframe
    betas: gr.Dataframe
    json: gr.DownloadButton
    glb: gr.DownloadButton
    html: gr.DownloadButton


def lay_out_question(detectors: Sequence[str]) -> Question:
    """Place the fields.

    Args:
        detectors: Names to choose from; the first one is chosen.
    """
    # Not a gr.Image: that one takes offence at files before we can say why.
    photo = gr.File(label='Photo', height=120, elem_id='photo')
    preview = _picture('preview', visible=False)
    detector = gr.Radio(
        [(_DETECTORS.get(name, name), name) for name in detectors],
        value=detectors[0],
        label='Who is in it',
        elem_id='detector',
    )
    button = gr.Button('Recover', variant='primary', elem_id='recover')
    message = gr.HTML(elem_id='message', min_height=44)
    with gr.Accordion('Boxes, camera, drawing', open=False):
        boxes = gr.Textbox(
            label='Boxes',
            info='In place of the detector: left, top, right, bottom in '
            'pixels, a line a person',
            placeholder='120 40 380 700',
            value='',
            lines=2,
            elem_id='boxes',
        )
        camera = gr.Textbox(
            label='Camera',
            info='Focal length in pixels, or fx, fy, cx, cy; by default '
            'the diagonal of the photo',
            value='',
            placeholder='1200',
            elem_id='camera',
        )
        layers = gr.CheckboxGroup(
            list(LAYERS), value=[LAYERS[0]], label='Draw', elem_id='layers'
        )
    return Question(
        photo, preview, detector, boxes, camera, layers, button, message
    )


def lay_out_reply() -> Reply:
    """Place what shows an answer; it stays hidden until there is one."""
    with gr.Column(visible=False, elem_id='answer') as area:
        with gr.Tab('Meshes'), gr.Row():
            with gr.Column(scale=3, min_width=320):
                overlay = _picture('overlay')
            with gr.Column(scale=1, min_width=160):
                gr.Markdown('From the right')
                side = _picture('side', buttons=[])
                gr.Markdown('From above')
                top = _picture('top', buttons=[])
        with gr.Tab('3D'):
            viewer = gr.HTML(elem_id='viewer')
        with gr.Tab('Attention') as attention_tab:
            attention = gr.Gallery(
                columns=2,
                object_fit='contain',
                height='auto',
                format='jpeg',
                show_label=False,
                buttons=list(_BUTTONS),
                elem_id='attention',
            )
        with gr.Tab('Numbers'):
            tables = _lay_out_tables()
        with gr.Row():
            downloads = [
                gr.DownloadButton(label, elem_id=f'download-{name}')
                for name, label in (
                    ('json', 'Numbers, .json'),
                    ('glb', 'Meshes, .glb'),
                    ('html', '3D page, .html'),
                )
            ]
    return Reply(
        area, overlay, side, top, viewer, attention_tab, attention,
        *tables, *downloads,
    )  # fmt: skip


def _lay_out_tables() -> list:
    gr.Markdown(
        'Metres in the frame of the camera: x right, y down, z forward. '
        'Pixels are those of the photo, upright.'
    )
    return [
        gr.Dataframe(
            headers=headers,
            label=label,
            interactive=False,
            max_height=360,
            elem_id=label.lower(),
        )
        for label, headers in (
            ('People', list(PEOPLE_HEADERS)),
            ('Joints', list(JOINT_HEADERS)),
            ('Shape', None),
        )
    ]


def _picture(
    name: str, visible: bool = True, buttons: Sequence[str] = _BUTTONS
) -> gr.Image:
    return gr.Image(
        show_label=False,
        interactive=False,
        format='png',
        visible=visible,
        buttons=list(buttons),
        elem_id=name,
    )
