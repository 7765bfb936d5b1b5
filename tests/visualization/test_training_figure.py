import numpy as np
import pytest

from mmbopr.visualization.training_figure import (
    UnknownKeyError,
    find_curve,
    training_figure,
)
from mmbopr.visualization.training_log import Curve, TrainingLog


def log(factor=1.0):
    steps = np.arange(1, 31)
    train = {
        'loss': Curve(steps, factor / steps), 'time': Curve(steps, 0.0 * steps)
    }  # fmt: skip
    epochs = np.array([1, 2])
    val = {
        'mesh/MPJPE': Curve(epochs, factor * np.array([90.0, 80.0])),
        'time': Curve(epochs, 0.0 * epochs),
    }
    return TrainingLog(train, val)


def test_training_and_validation_get_a_plot_each():
    logs = {'a': log(), 'b': log(2.0)}
    figure = training_figure(logs, ['loss', 'mesh/MPJPE'], title='both')
    first, second = figure.axes
    assert first.get_xlabel() == 'iteration'
    assert second.get_xlabel() == 'step of the validation'
    labels = [line.get_label() for line in first.lines]
    assert labels == ['a: loss', 'b: loss']
    steps, values = first.lines[1].get_data()
    np.testing.assert_array_equal(values, 2 / steps)
    assert second.lines[1].get_ydata().tolist() == [180.0, 160.0]
    # Few points are shown as such.
    assert second.lines[0].get_marker() == 'o'
    assert first.lines[0].get_marker() == 'None'


def test_the_legend_is_by_log_and_key():
    logs = {'a': log(), 'b': log()}
    keys = ['loss', 'time']
    figure = training_figure(logs, keys, legend=['1', '2', '3', '4'])
    (axes,) = figure.axes
    assert [line.get_label() for line in axes.lines] == ['1', '2', '3', '4']
    with pytest.raises(ValueError, match=r'4 curves .* has 3 names'):
        training_figure(logs, keys, legend=['1', '2', '3'])


def test_time_is_that_of_the_training():
    curve, axis = find_curve(log(), 'time')
    assert axis == 'iteration' and len(curve.steps) == 30


def test_unknown_keys_are_refused_and_known_ones_listed():
    with pytest.raises(
        UnknownKeyError, match=r"^b: no key 'lr'.*'loss', 'time'.*mesh/MPJPE"
    ):
        training_figure({'b': log()}, ['lr'])
