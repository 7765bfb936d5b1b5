"""Self-contained report pages: HTML, CSS, charts and pictures in one file."""

import base64
from html import escape
from typing import Any, Mapping, NamedTuple, Sequence

import cv2
import numpy as np

from mmbopr.structures import LSP_14_GROUPS, PART_NAMES

from .charts import Series, line_chart
from .colors import part_colors
from .report_style import CSS
from .training_log import TrainingLog

_MAIN_METRICS = ('MPJPE', 'PA-MPJPE', 'PVE')
_AXES = ('MPJPE_x', 'MPJPE_y', 'MPJPE_z')
_PARTS = tuple(f'MPJPE_{name}' for name in LSP_14_GROUPS)
_JPEG_QUALITY = 88


class Person(NamedTuple):
    """One entry of the gallery.

    Attributes:
        title: The first words of its caption.
        details: The rest of the caption.
        pictures: Caption -> (h, w, 3) uint8 RGB.
    """

    title: str
    details: str
    pictures: Mapping[str, np.ndarray]


def render_page(
    title: str,
    subtitle: str,
    sections: Sequence[str],
    made_by: str = 'tools/analysis_tools/demo_report.py',
) -> str:
    """Put sections on a page.

    Args:
        title: Heading, plain text.
        subtitle: The line below, plain text.
        sections: HTML of each section.
        made_by: The tool that does.

    Returns:
        str: A whole HTML document that refers to nothing outside itself.
    """
    return (
        '<!DOCTYPE html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width, '
        'initial-scale=1">\n'
        f'<title>{escape(title)}</title>\n<style>{CSS}</style>\n</head>\n'
        f'<body>\n<header><div><h1>{escape(title)}</h1>'
        f'<p>{escape(subtitle)}</p></div></header>\n<main>\n'
        + '\n'.join(sections)
        + f'\n</main>\n<footer>Made by <code>{escape(made_by)}</code> of '
        'mmbopr.</footer>\n</body>\n</html>\n'
    )


def section(heading: str, lead: str, *content: str) -> str:
    """A heading, a sentence that says what is seen, and HTML below."""
    return (
        f'<section><h2>{escape(heading)}</h2><p class="lead">{escape(lead)}'
        f'</p>{"".join(content)}</section>'
    )


def metric_cards(
    metrics: Mapping[str, float], baseline: Mapping[str, float]
) -> str:
    """The three main errors, large, with the baseline's below.

    Args:
        metrics: Metric name -> mm.
        baseline: The same of the mean body.
    """
    cards = []
    for name in _MAIN_METRICS:
        change = 1 - metrics[name] / baseline[name]
        verdict = 'lower' if change >= 0 else 'higher'
        cards.append(
            f'<div class="card"><div class="name">{name}</div>'
            f'<div class="value">{metrics[name]:.1f} <small>mm</small></div>'
            f'<div class="note">{abs(change):.0%} {verdict} than the mean '
            f'body ({baseline[name]:.1f} mm)</div></div>'
        )
    return f'<div class="cards">{"".join(cards)}</div>'


def metric_tables(methods: Mapping[str, Mapping[str, float]]) -> str:
    """Errors of several methods: main and by axis, then by body part.

    Args:
        methods: Method name -> metric name -> mm. The best is bold.
    """
    return _table(methods, _MAIN_METRICS + _AXES) + _table(methods, _PARTS)


def _table(methods, names) -> str:
    best = {k: min(m[k] for m in methods.values()) for k in names}
    heads = ''.join(f'<th>{k.replace("MPJPE_", "")}</th>' for k in names)
    rows = []
    for method, metrics in methods.items():
        cells = ''.join(
            f'<td{" class=best" if metrics[k] == best[k] else ""}>'
            f'{metrics[k]:.1f}</td>'
            for k in names
        )
        rows.append(f'<tr><td>{escape(method)}</td>{cells}</tr>')
    return (
        f'<div class="panel"><table><thead><tr><th>mm</th>{heads}</tr></thead>'
        f'<tbody>{"".join(rows)}</tbody></table></div>'
    )


def protocol_note(protocol: Mapping[str, Any]) -> str:
    """What the numbers mean; says when they compare to nothing published.

    Args:
        protocol: Of the evaluation dump.
    """
    body = protocol.get('body_model_id', 'unknown')
    warning = ''
    if body != 'smpl':
        warning = (
            f'<strong>Open body ({escape(str(body))}): not comparable with '
            'published numbers.</strong> '
        )
    facts = ''.join(
        f'<div><dt>{escape(key)}</dt><dd>{escape(str(value))}</dd></div>'
        for key, value in sorted(protocol.items())
    )
    return (
        f'<div class="protocol">{warning}Protocol of every number above:'
        f'<dl>{facts}</dl></div>'
    )


def training_charts(log: TrainingLog, baseline: Mapping[str, float]) -> str:
    """Total loss, loss terms (logarithmic) and validation errors.

    Args:
        log: Curves of the training.
        baseline: Metric name -> mm of the mean body, drawn dashed.
    """
    terms = [k for k in log.train if 'loss' in k and k != 'loss']
    charts = {}
    if 'loss' in log.train:
        charts['Total loss'] = line_chart(
            [Series('total', *log.train['loss'])], 'iteration', 'loss'
        )
    if terms:
        charts['Loss terms'] = line_chart(
            [Series(_short(k), *log.train[k]) for k in terms],
            'iteration',
            'weighted loss',
            log_y=True,
        )
    metrics = [k for k in _MAIN_METRICS if f'mesh/{k}' in log.val]
    if metrics:
        charts['Validation'] = line_chart(
            [Series(k, *log.val[f'mesh/{k}']) for k in metrics],
            'epoch' if 'epoch' in log.train else 'iteration',
            'error in mm',
            {'mean body, MPJPE': baseline['MPJPE']},
        )
    panels = ''.join(
        f'<div class="panel"><h3>{title}</h3>{svg}</div>'
        for title, svg in charts.items()
    )
    return f'<div class="charts">{panels}</div>'


def _short(key: str) -> str:
    return key.replace('loss_', '').replace('_', ' ')


def gallery(people: Sequence[Person]) -> str:
    """People, one a row of pictures, and what the part colours mean."""
    swatches = ''.join(
        f'<li><i style="background:rgb({r:.0f},{g:.0f},{b:.0f})"></i>'
        f'{name.replace("_", " ")}</li>'
        for name, (r, g, b) in zip(PART_NAMES, part_colors(), strict=True)
    )
    return f'<ul class="swatches">{swatches}</ul>' + ''.join(
        map(_person, people)
    )


def _person(person: Person) -> str:
    figures = ''.join(
        f'<figure>{_image(picture, caption)}'
        f'<figcaption>{escape(caption)}</figcaption></figure>'
        for caption, picture in person.pictures.items()
    )
    return (
        f'<div class="person"><h3>{escape(person.title)}'
        f'<span>{escape(person.details)}</span></h3>'
        f'<div class="pictures">{figures}</div></div>'
    )


def _image(picture: np.ndarray, caption: str) -> str:
    """An ``<img>`` that carries its JPEG inside."""
    quality = [cv2.IMWRITE_JPEG_QUALITY, _JPEG_QUALITY]
    _, data = cv2.imencode('.jpg', picture[..., ::-1], quality)
    height, width = picture.shape[:2]
    return (
        f'<img width="{width}" height="{height}" alt="{escape(caption)}" '
        f'src="data:image/jpeg;base64,{base64.b64encode(data).decode()}">'
    )
