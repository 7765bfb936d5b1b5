"""What stands for pandas in a pickle of a dataframe.

The value is a plain dictionary of columns; labels of rows are not kept.
Understands what pandas 1 and 2 write, for columns of numbers and of objects.
See :mod:`mmbopr.utils.safe_load`.
"""

from typing import Callable, Mapping, Tuple

import numpy as np

from .pickle_stand_ins import StandIn


class _IndexClass(StandIn):
    """A kind of index; only ever named."""


class _NewIndex(StandIn):
    """``_new_Index(kind, fields)``; its value is the list of labels."""

    def value(self, resolve):
        fields = resolve(self.args[1])
        if 'data' in fields:
            return list(fields['data'])
        return list(range(fields['start'], fields['stop'], fields['step']))


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
    ('pandas.core.internals.managers', 'BlockManager'): _BlockManager,
    ('pandas._libs.internals', '_unpickle_block'): _Block,
    (f'{_INDEXES}.base', '_new_Index'): _NewIndex,
    (f'{_INDEXES}.base', 'Index'): _IndexClass,
    (f'{_INDEXES}.range', 'RangeIndex'): _IndexClass,
    (f'{_INDEXES}.numeric', 'Int64Index'): _IndexClass,
}
