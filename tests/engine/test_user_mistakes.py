import pytest
import torch
from mmengine.registry import DefaultScope

from mmbopr.body_models import BodyMismatchError
from mmbopr.datasets.transforms.loading import UnreadableImageError
from mmbopr.engine.checkpoints import CheckpointError, TornCheckpointError
from mmbopr.engine.user_mistakes import describe_mistake
from mmbopr.evaluation import build_protocol
from mmbopr.evaluation.protocols import ProtocolError
from mmbopr.registry import DATASETS, MODELS


@pytest.mark.parametrize(
    'error',
    [
        BodyMismatchError('said'),
        CheckpointError('said'),
        FileNotFoundError('said'),
        ProtocolError('said'),
        TornCheckpointError('said'),
        UnreadableImageError('said'),
    ],
)
def test_mistakes_are_told(error):
    assert describe_mistake(error) == 'said'


@pytest.mark.parametrize(
    'error',
    [KeyError('part'), OSError('disk'), RuntimeError('a'), ValueError('b')],
)
def test_bugs_are_not(error):
    assert describe_mistake(error) is None


def test_a_lost_file_is_told_without_numbers():
    with pytest.raises(FileNotFoundError) as caught:
        open('lost.py')
    assert describe_mistake(caught.value) == (
        'lost.py: No such file or directory'
    )


class Lost(torch.utils.data.Dataset):
    """Its only sample cannot be read."""

    def __len__(self):
        return 1

    def __getitem__(self, row):
        raise UnreadableImageError('a.jpg (row 0): cannot be read\nAt all')


def test_of_a_data_worker_the_traceback_is_left_out():
    with pytest.raises(UnreadableImageError, match='Traceback') as caught:
        next(iter(torch.utils.data.DataLoader(Lost(), num_workers=1)))
    assert describe_mistake(caught.value) == (
        'a.jpg (row 0): cannot be read\nAt all'
    )


@pytest.mark.parametrize(
    ('node', 'name', 'told'),
    [
        (MODELS, 'BARHaed', "there is no model of type 'BARHaed'. Did you "
         "mean 'BARHead'"),
        (MODELS, 'mmpose.BARHaed', "'mmpose.BARHaed'. Did you mean 'BARHead'"),
        (MODELS, 'ResNeet', "'mmpose.ResNet'"),
        (DATASETS, 'BodyMeshDatase', "no dataset of type 'BodyMeshDatase'. "
         "Did you mean 'BodyMeshDataset'"),
        (DATASETS, 'qqqqqq', 'is the module that registers it in'),
    ],
)  # fmt: skip
def test_of_unknown_types_the_nearest_are_named(node, name, told):
    with DefaultScope.overwrite_default_scope('mmbopr'):
        with pytest.raises(KeyError) as caught:
            node.build(dict(type=name))
        message = describe_mistake(caught.value)
    assert told.lower() in message.lower() and 'registry' not in message


def test_an_unknown_protocol_is_a_mistake():
    with pytest.raises(ProtocolError, match=r"protocol 'nope', choose.*pw3d"):
        build_protocol('nope')
