"""Line charts as inline SVG."""

from html import escape
from typing import List, Mapping, NamedTuple, Optional, Sequence, Tuple

import numpy as np

_WIDTH, _HEIGHT = 400, 250
_LEFT, _RIGHT, _TOP, _BOTTOM = 52, 10, 10, 42
_LEGEND_ROW, _LEGEND_COLUMNS = 18, 3
_MAX_POINTS = 400
_MAX_DECADES = 5
_TICKS = 5  # about as many numbers on an axis
_COLORS = (
    '#2563eb', '#dc6b2f', '#15935f', '#8b4fc9', '#c9952b', '#0e93a8',
    '#d0437f', '#5d6b7e', '#7a9a1f', '#92472b',
)  # fmt: skip


class Series(NamedTuple):
    """One line: name, x (N,) and y (N,)."""

    name: str
    x: Sequence[float]
    y: Sequence[float]


class _Scale(NamedTuple):
    """Maps values to pixels.

    ``log``: evenly by logarithm; ``whole``: whole numbers as ticks.
    """

    low: float
    high: float
    start: float
    end: float
    log: bool = False
    whole: bool = False

    def __call__(self, value):
        value = np.asarray(value, float)
        value = np.log10(value) if self.log else value
        part = (value - self.low) / (self.high - self.low)
        return self.start + part * (self.end - self.start)

    def ticks(self) -> List[float]:
        if not self.log:
            return _round_numbers(self.low, self.high, self.whole)
        span = self.high - self.low
        decades = np.arange(np.floor(self.low), np.ceil(self.high) + 1)
        decades = decades[decades % np.ceil(span / _MAX_DECADES) == 0]
        steps = (1,) if span > 2 else (1, 2, 5)
        ticks = np.outer(10.0**decades, steps).ravel()
        logs = np.log10(ticks)
        inside = (logs >= self.low - 1e-9) & (logs <= self.high + 1e-9)
        return list(ticks[inside])


def line_chart(
    series: Sequence[Series],
    x_label: str,
    y_label: str,
    references: Optional[Mapping[str, float]] = None,
    log_y: bool = False,
) -> str:
    """Draw lines over a common x axis.

    Long lines are thinned by averaging neighbours.

    Args:
        series: What to draw, over whole numbers; points that are not
            finite (nor positive, on a logarithmic axis) are left out.
        x_label: Name of the x axis.
        y_label: Name of the y axis, with its unit.
        references: Name -> y of dashed horizontal lines.
        log_y: Whether the y axis is logarithmic.

    Returns:
        str: An ``<svg>`` element without scripts or external resources.

    Raises:
        ValueError: If no point can be drawn.
    """
    references = dict(references or {})
    lines = [(s.name, *_points(s, log_y)) for s in series]
    lines = [line for line in lines if len(line[1])]
    if not lines:
        raise ValueError(
            f'no point to draw among {[s.name for s in series]}: expected '
            'finite numbers, positive ones on a logarithmic axis'
        )
    x_scale, y_scale = _scales(lines, references, log_y)
    body = [_grid(x_scale, y_scale, x_label, y_label)]
    body += [_reference_line(y_scale(y)) for y in references.values()]
    for color, (_, x, y) in zip(_cycle(len(lines)), lines, strict=True):
        body.append(_line(x_scale(x), y_scale(y), color))
    names = [name for name, _, _ in lines]
    legend, height = _legend(names, list(references))
    return (
        f'<svg viewBox="0 0 {_WIDTH} {_HEIGHT + height}" role="img" '
        f'aria-label="{escape(y_label)} over {escape(x_label)}">'
        f'{"".join(body)}{legend}</svg>'
    )


def _points(series: Series, log_y: bool) -> Tuple[np.ndarray, np.ndarray]:
    x, y = np.asarray(series.x, float), np.asarray(series.y, float)
    keep = np.isfinite(x) & np.isfinite(y)
    if log_y:
        keep &= y > 0
    x, y = x[keep], y[keep]
    if len(x) <= _MAX_POINTS:
        return x, y
    bins = np.array_split(np.arange(len(x)), _MAX_POINTS)
    return tuple(np.array([v[b].mean() for b in bins]) for v in (x, y))


def _scales(lines, references, log_y) -> Tuple[_Scale, _Scale]:
    x = np.concatenate([line[1] for line in lines])
    y = np.concatenate([line[2] for line in lines])
    y = np.append(y, list(references.values()))
    y = np.log10(y) if log_y else y
    (x_low, x_high), (y_low, y_high) = _spread(x, 0), _spread(y, 0.06)
    return (
        _Scale(x_low, x_high, _LEFT, _WIDTH - _RIGHT, whole=True),
        _Scale(y_low, y_high, _HEIGHT - _BOTTOM, _TOP, log_y),
    )


def _spread(values, margin) -> Tuple[float, float]:
    low, high = float(values.min()), float(values.max())
    if high - low < 1e-9 * max(abs(high), 1):
        low, high = low - 0.5, high + 0.5
    pad = margin * (high - low)
    return low - pad, high + pad


def _round_numbers(low: float, high: float, whole: bool) -> List[float]:
    """Multiples of 1, 2 or 5 times a power of ten within an interval."""
    raw = (high - low) / _TICKS
    power = 10.0 ** np.floor(np.log10(raw))
    step = power * min((1, 2, 5, 10), key=lambda m: abs(m * power - raw))
    step = max(step, 1.0) if whole else step
    first, last = np.ceil(low / step - 1e-9), np.floor(high / step + 1e-9)
    return [float(step * i) for i in np.arange(first, last + 1)]


def _grid(x_scale, y_scale, x_label, y_label) -> str:
    right, bottom = _WIDTH - _RIGHT, _HEIGHT - _BOTTOM
    parts = []
    for tick in y_scale.ticks():
        y = float(y_scale(tick))
        parts.append(
            f'<line class="grid" x1="{_LEFT}" x2="{right}" y1="{y:.1f}" '
            f'y2="{y:.1f}"/>'
            f'<text class="tick" x="{_LEFT - 8}" y="{y + 3.5:.1f}" '
            f'text-anchor="end">{_number(tick)}</text>'
        )
    for tick in x_scale.ticks():
        parts.append(
            f'<text class="tick" x="{float(x_scale(tick)):.1f}" '
            f'y="{bottom + 16}" text-anchor="middle">{_number(tick)}</text>'
        )
    middle = (_TOP + bottom) / 2
    parts.append(
        f'<line class="axis" x1="{_LEFT}" x2="{right}" y1="{bottom}" '
        f'y2="{bottom}"/>'
        f'<text class="label" x="{(_LEFT + right) / 2:.0f}" '
        f'y="{bottom + 34}" text-anchor="middle">{escape(x_label)}</text>'
        f'<text class="label" transform="translate(13 {middle:.0f}) '
        f'rotate(-90)" text-anchor="middle">{escape(y_label)}</text>'
    )
    return ''.join(parts)


def _number(value: float) -> str:
    if abs(value) >= 10000 and value % 1000 == 0:
        return f'{value / 1000:g}k'
    if 0 < abs(value) < 0.001:
        return f'{value:.0e}'.replace('e-0', 'e-')
    return f'{value:g}'


def _line(x, y, color) -> str:
    if len(x) == 1:
        return (
            f'<circle cx="{x[0]:.1f}" cy="{y[0]:.1f}" r="3" fill="{color}"/>'
        )
    points = ' '.join(f'{a:.1f},{b:.1f}' for a, b in zip(x, y, strict=True))
    return f'<polyline class="line" stroke="{color}" points="{points}"/>'


def _reference_line(y) -> str:
    return (
        f'<line class="reference" x1="{_LEFT}" x2="{_WIDTH - _RIGHT}" '
        f'y1="{float(y):.1f}" y2="{float(y):.1f}"/>'
    )


def _cycle(count: int) -> List[str]:
    return [_COLORS[i % len(_COLORS)] for i in range(count)]


def _legend(names, references) -> Tuple[str, int]:
    """Swatches below the chart and the height that they take."""
    column = _WIDTH / _LEGEND_COLUMNS
    parts = []
    entries = list(zip(names, _cycle(len(names)), strict=True))
    entries += [(name, None) for name in references]
    for i, (name, color) in enumerate(entries):
        x = 2 + column * (i % _LEGEND_COLUMNS)
        y = _HEIGHT + _LEGEND_ROW * (i // _LEGEND_COLUMNS) + 8
        style = (
            f'class="line" stroke="{color}"'
            if color
            else ('class="reference"')
        )
        parts.append(
            f'<line {style} x1="{x:.0f}" x2="{x + 16:.0f}" y1="{y}" y2="{y}"/>'
            f'<text class="key" x="{x + 22:.0f}" y="{y + 4}">'
            f'{escape(name)}</text>'
        )
    rows = -(-len(entries) // _LEGEND_COLUMNS)
    return ''.join(parts), rows * _LEGEND_ROW + 6
