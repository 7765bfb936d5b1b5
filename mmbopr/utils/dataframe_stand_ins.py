"""What stands for pandas in a pickle of a dataframe.

The value is a plain dictionary of columns; labels of rows are not kept.
Understands what pandas 1, 2 and 3 write, for columns of numbers, of strings
(not those of pyarrow) and of objects.
See :mod:`mmbopr.utils.safe_load`.
"""

from typing import Callable, Mapping, Tuple

import numpy as np

from .pickle_stand_ins import StandIn


class _Class(StandIn):
    """A kind of index or array; only ever named."""


class _NewIndex(StandIn):
    """``_new_Index(kind, fields)``; its value is the list of labels."""

    def value(self, resolve):
        fields = resolve(self.args[1])
        if 'data' in fields:
            return list(fields['data'])
        return list(range(fields['start'], fields['stop'], fields['step']))


class _StringType(StandIn):
    """``StringDtype(storage, na_value)`` of pandas 3."""

    def value(self, resolve):
        return str


class _Strings(StandIn):
    """``__pyx_unpickle_NDArrayBacked(kind, checksum, None)`` of pandas 3.

    Its value is the array of strings inside.
    """

    def value(self, resolve):
        _, strings = resolve(self.state)
        return strings


class _Block(StandIn):
    """``_unpickle_block(values, placement, ndim)`` of pandas >= 1.3."""

    def value(self, resolve):
        values, placement, _ = self.args
        return resolve(values), resolve(placement)


class _BlockManager(StandIn):
    """The columns, those of one type together."""

    def value(self, resolve):
        if self.args:
            blocks, axes = resolve(self.args)
        else:
            # The entry is named after the first version that wrote it so.
            state = resolve(self.state)[-1]['0.14.1']
            axes = state['axes']
            blocks = [(x['values'], x['mgr_locs']) for x in state['blocks']]
        names, columns = axes[0], {}
        for values, placement in blocks:
            places = np.arange(len(names))[placement]
            # Strings come a column at a time.
            values = np.atleast_2d(values)
            if values.shape != (len(places), len(axes[1])):
                raise ValueError('a block of columns has the wrong shape')
            for place, column in zip(places, values, strict=True):
                columns[names[place]] = column
        return {name: columns[name] for name in names}


class _DataFrame(StandIn):
    """``pandas.DataFrame``; its value is the dictionary of columns."""

    def value(self, resolve):
        state = resolve(self.state)
        return state['_mgr'] if '_mgr' in state else state['_data']


_INDEXES = 'pandas.core.indexes'

DATAFRAME_ALLOW: Mapping[Tuple[str, str], Callable] = {
    ('pandas.core.frame', 'DataFrame'): _DataFrame,
    ('pandas', 'DataFrame'): _DataFrame,
    ('pandas', 'Index'): _Class,
    ('pandas', 'RangeIndex'): _Class,
    ('pandas', 'StringDtype'): _StringType,
    ('pandas.arrays', 'StringArray'): _Class,
    ('pandas._libs.arrays', '__pyx_unpickle_NDArrayBacked'): _Strings,
    ('pandas.core.internals.managers', 'BlockManager'): _BlockManager,
    ('pandas._libs.internals', '_unpickle_block'): _Block,
    (f'{_INDEXES}.base', '_new_Index'): _NewIndex,
    (f'{_INDEXES}.base', 'Index'): _Class,
    (f'{_INDEXES}.range', 'RangeIndex'): _Class,
    (f'{_INDEXES}.numeric', 'Int64Index'): _Class,
}
