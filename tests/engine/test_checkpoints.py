import shutil

import numpy as np
import pytest
import torch
from torch import nn

from mmbopr.engine.checkpoints import (
    CheckpointError,
    TornCheckpointError,
    check_start,
    is_complete,
    latest_checkpoint,
    load_weights,
)


@pytest.fixture
def save(tmp_path):
    """Function that leaves what a run leaves: checkpoints, and a note."""

    def save(*names, note=None):
        for name in names:
            torch.save({'weight': torch.zeros(100)}, tmp_path / name)
        if note is not None:
            (tmp_path / 'last_checkpoint').write_text(str(note))

    return save


def tear(path, size=-1):
    """Leave only the first ``size`` bytes of a file."""
    path.write_bytes(path.read_bytes()[:size])


@pytest.mark.parametrize('size', [0, 4, 300, -30, -1])
def test_a_torn_checkpoint_is_not_complete(save, tmp_path, size):
    path = tmp_path / 'iter_3.pth'
    save(path.name)
    assert is_complete(path) and is_complete(str(path))
    tear(path, size)
    assert not is_complete(path)


def test_another_zip_file_is_no_checkpoint(tmp_path):
    np.savez(tmp_path / 'people.npz', rows=np.zeros(3))
    assert not is_complete(tmp_path / 'people.npz')


def test_there_may_be_none(save, tmp_path):
    assert not is_complete(tmp_path / 'iter_3.pth')
    assert latest_checkpoint(tmp_path) is None
    assert latest_checkpoint(tmp_path / 'nowhere') is None
    save('best_mesh_PA-MPJPE_iter_3.pth', note='')
    assert latest_checkpoint(tmp_path) is None


def test_the_note_decides(save, tmp_path):
    save('iter_30.pth', 'iter_40.pth', note=tmp_path / 'iter_30.pth')
    assert latest_checkpoint(tmp_path) == tmp_path / 'iter_30.pth'
    save('final.pth', note=tmp_path / 'final.pth')
    assert latest_checkpoint(tmp_path) == tmp_path / 'final.pth'


def test_checkpoints_may_lie_elsewhere(save, tmp_path):
    save('iter_3.pth')
    work_dir = tmp_path / 'work'
    work_dir.mkdir()
    (work_dir / 'last_checkpoint').write_text(str(tmp_path / 'iter_3.pth'))
    assert latest_checkpoint(work_dir) == tmp_path / 'iter_3.pth'


def test_a_folder_can_be_moved(save, tmp_path):
    save('iter_30.pth', 'iter_40.pth', note='/elsewhere/iter_30.pth')
    assert latest_checkpoint(tmp_path) == tmp_path / 'iter_30.pth'


def test_a_copy_goes_on_from_its_own(save, tmp_path):
    original, copy = tmp_path / 'original', tmp_path / 'copy'
    original.mkdir()
    save('original/iter_20.pth', 'original/iter_30.pth')
    (original / 'last_checkpoint').write_text(str(original / 'iter_30.pth'))
    shutil.copytree(original, copy)
    assert latest_checkpoint(copy) == copy / 'iter_30.pth'
    tear(copy / 'iter_30.pth')
    assert latest_checkpoint(copy) == copy / 'iter_20.pth'


@pytest.mark.parametrize('note', [None, '', 'iter_200.pth', 'iter_90.pth'])
def test_else_the_latest_complete_one_is_taken(save, tmp_path, note):
    """Killed while it wrote the note, or over a file that the note names."""
    names = ('iter_90.pth', 'iter_100.pth', 'iter_200.pth')
    save(*names, note=note and tmp_path / note)
    tear(tmp_path / 'iter_200.pth')
    tear(tmp_path / 'iter_90.pth')
    assert latest_checkpoint(tmp_path) == tmp_path / 'iter_100.pth'


def test_epochs_count_as_well(save, tmp_path):
    save('epoch_9.pth', 'epoch_10.pth')
    assert latest_checkpoint(tmp_path) == tmp_path / 'epoch_10.pth'


# --- whether a checkpoint fits
class Network(nn.Module):
    """Four weights in the backbone, two in the head."""

    def __init__(self, width=3, head='head'):
        super().__init__()
        self.backbone = nn.Sequential(nn.Linear(2, width), nn.Linear(width, 2))
        self.add_module(head, nn.Linear(2, 1))


@pytest.fixture
def saved(tmp_path):
    """Function that saves a state under a name and returns the path."""

    def save(state):
        torch.save({'state_dict': state}, tmp_path / 'net.pth')
        return tmp_path / 'net.pth'

    return save


def test_all_weights_are_loaded_or_none_will_do(saved):
    network, other = Network(), Network()
    load_weights(network, saved(other.state_dict()), 'a.py')
    assert torch.equal(network.head.weight, other.head.weight)
    with pytest.raises(CheckpointError, match=r'net\.pth does not fit a\.py'):
        load_weights(Network(head='other'), saved(other.state_dict()), 'a.py')


def test_a_training_may_start_with_a_new_head(saved):
    state = {f'module.{k}': v for k, v in Network().state_dict().items()}
    check_start(Network(head='other'), saved(state), 'a.py')
    # Half of the backbone will do: the other half has another shape.
    state = Network(width=4).state_dict() | {
        k: v for k, v in Network().state_dict().items() if '.0.' in k
    }
    check_start(Network(), saved(state), 'a.py')
    del state['backbone.0.weight'], state['backbone.1.bias']
    with pytest.raises(CheckpointError, match='has 1 of the 4 weights that a'):
        check_start(Network(), saved(state), 'a.py')


def test_without_a_backbone_all_weights_count(saved):
    network = nn.Linear(2, 1)
    check_start(network, saved(network.state_dict()), 'a.py')
    with pytest.raises(CheckpointError, match='has 0 of the 2 weights'):
        check_start(network, saved(Network().state_dict()), 'a.py')


def test_what_no_training_can_start_from_is_named(tmp_path):
    with pytest.raises(FileNotFoundError, match=r'lost\.pth'):
        check_start(Network(), 'lost.pth', 'a.py')
    path = tmp_path / 'torn.pth'
    for content in (b'', b'none', b'PK'):
        path.write_bytes(content)
        with pytest.raises(
            TornCheckpointError, match=r'torn\.pth is no check'
        ):
            check_start(Network(), path, 'a.py')
