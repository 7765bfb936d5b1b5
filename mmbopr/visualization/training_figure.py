"""Curves of trainings in one picture."""

from typing import Mapping, Sequence, Tuple

from matplotlib.axes import Axes
from matplotlib.figure import Figure

from .figures import new_figure
from .training_log import Curve, TrainingLog

_HEIGHT = 4.5  # inches of a plot


class UnknownKeyError(KeyError):
    """A log has no curve of a name."""

    def __str__(self) -> str:
        return self.args[0]


def find_curve(log: TrainingLog, key: str) -> Tuple[Curve, str]:
    """The curve of a key, and what it runs over.

    Args:
        log: Of one training.
        key: As MMEngine logs it: ``loss``, ``lr``, ``mesh/PA-MPJPE``...

    Raises:
        UnknownKeyError: If there is none; lists those that there are.
    """
    for curves, axis in (
        (log.train, 'iteration'),
        (log.val, 'step of the validation'),
    ):
        # Time is logged of both; that of the training is meant.
        if key in curves:
            return curves[key], axis
    raise UnknownKeyError(
        f'no key {key!r} in the log; it has {sorted(log.train)} of the '
        f'training and {sorted(log.val)} of the validation'
    )


def training_figure(
    logs: Mapping[str, TrainingLog],
    keys: Sequence[str],
    legend: Sequence[str] = (),
    title: str = '',
) -> Figure:
    """Plot keys of several trainings.

    What was logged while training, over iterations, and what validations
    gave, over MMEngine's step of them (epochs, or iterations where these are
    counted), get a plot each.

    Args:
        logs: By name.
        keys: What to plot of each.
        legend: Names of the curves, log by log, key by key; by default those
            of log and key.
        title: What stands above.

    Returns:
        Figure: To be saved with
        :func:`~mmbopr.visualization.figures.save_figure`.

    Raises:
        UnknownKeyError: If a log lacks a key.
        ValueError: If the legend does not fit the curves.
    """
    pairs = [(name, key) for name in logs for key in keys]
    if not legend:
        legend = [f'{name}: {key}' for name, key in pairs]
    if len(legend) != len(pairs):
        raise ValueError(
            f'{len(pairs)} curves are drawn, log by log and key by key, but '
            f'the legend has {len(legend)} names'
        )
    found = []
    for (name, key), label in zip(pairs, legend, strict=True):
        try:
            found.append((label, *find_curve(logs[name], key)))
        except UnknownKeyError as error:
            raise UnknownKeyError(f'{name}: {error}') from None
    axes_names = sorted({axis for *_, axis in found})
    figure, bands = new_figure([_HEIGHT] * len(axes_names), title)
    for band, axis in zip(bands, axes_names, strict=True):
        axes = band.subplots()
        axes.set_xlabel(axis)
        for label, curve, over in found:
            if over == axis:
                _draw(axes, label, curve)
        axes.legend()
        axes.grid(alpha=0.3)
    return figure


def _draw(axes: Axes, label: str, curve: Curve) -> None:
    # A single point is no line.
    marker = 'o' if len(curve.steps) < 20 else None
    axes.plot(curve.steps, curve.values, label=label, marker=marker)
