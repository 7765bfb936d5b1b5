"""Checkpoints of other frameworks, read without their classes."""

import argparse
import os
import pathlib
import pickle
import sys
import types

import pytest
import torch
from torch import serialization

from mmbopr.utils.safe_checkpoint import load_foreign_checkpoint

WEIGHTS = {'layer.weight': torch.arange(6.0).view(2, 3)}
needs_scan = pytest.mark.skipif(
    not hasattr(serialization, 'get_unsafe_globals_in_checkpoint'),
    reason='needs torch 2.6',
)


@pytest.fixture
def lightning(monkeypatch, tmp_path):
    """A file as Lightning writes it; its classes are gone afterwards."""

    class ModelCheckpoint:
        pass

    class CfgNode(dict):
        pass

    classes = {
        'pytorch_lightning.callbacks': ModelCheckpoint,
        'yacs.config': CfgNode,
    }
    with monkeypatch.context() as patch:
        for module, cls in classes.items():
            for name in (module.split('.')[0], module):
                patch.setitem(sys.modules, name, types.ModuleType(name))
            cls.__module__, cls.__qualname__ = module, cls.__name__
            setattr(sys.modules[module], cls.__name__, cls)
        settings = CfgNode(lr=5e-5, inner=CfgNode(on=True))
        settings.frozen = True  # an attribute beside the items
        content = {
            'state_dict': WEIGHTS,
            'callbacks': {ModelCheckpoint: {'best': torch.tensor(1.0)}},
            'hyper_parameters': settings,
            'folder': pathlib.PurePosixPath('/logs/pare'),
            'arguments': argparse.Namespace(seed=1),
        }
        torch.save(content, tmp_path / 'epoch.ckpt')
    return tmp_path / 'epoch.ckpt'


@needs_scan
def test_weights_are_read_and_the_rest_is_blank(lightning):
    content, names = load_foreign_checkpoint(lightning)
    torch.testing.assert_close(content['state_dict'], WEIGHTS)
    assert names == [
        'argparse.Namespace',
        'pathlib.PurePosixPath',
        'pytorch_lightning.callbacks.ModelCheckpoint',
        'yacs.config.CfgNode',
    ]
    assert content['hyper_parameters']['lr'] == 5e-5
    assert 'pytorch_lightning' not in sys.modules
    with pytest.raises(pickle.UnpicklingError):
        torch.load(lightning, weights_only=True)  # nothing stays allowed


class Evil:
    """What a hostile file holds."""

    def __init__(self, call, *args):
        self.call = call, args

    def __reduce__(self):
        return self.call


@pytest.mark.parametrize('zipped', [True, False])
@pytest.mark.parametrize('function', [os.mkdir, pathlib.Path.mkdir, eval])
def test_nothing_in_a_file_is_called(tmp_path, function, zipped):
    folder = tmp_path / 'made'
    argument = f'__import__("os").mkdir("{folder}")'
    evil = Evil(function, argument if function is eval else str(folder))
    torch.save(
        {'state_dict': WEIGHTS, 'evil': evil},
        tmp_path / 'x.pth',
        _use_new_zipfile_serialization=zipped,
    )
    try:
        content, names = load_foreign_checkpoint(tmp_path / 'x.pth')
    except ValueError as error:
        assert 'cannot be read safely' in str(error)
    else:
        assert zipped and names and not content['evil']
    assert not folder.exists()


def test_plain_weights_of_the_old_format_are_read(tmp_path):
    path = tmp_path / 'old.pt'
    torch.save({'model': WEIGHTS}, path, _use_new_zipfile_serialization=False)
    content, names = load_foreign_checkpoint(path)
    assert names == []
    torch.testing.assert_close(content['model'], WEIGHTS)


@pytest.mark.parametrize('content', [b'', b'<html>log in</html>', b'PK\x03'])
def test_what_is_no_checkpoint_is_refused(tmp_path, content):
    path = tmp_path / 'page.pth'
    path.write_bytes(content)
    with pytest.raises(ValueError, match=r'page\.pth cannot be read safely'):
        load_foreign_checkpoint(path)


def test_a_truncated_file_is_refused(tmp_path):
    path = tmp_path / 'half.pth'
    torch.save({'model': WEIGHTS}, path)
    path.write_bytes(path.read_bytes()[:400])
    with pytest.raises(ValueError, match='Compare its size'):
        load_foreign_checkpoint(path)


def test_a_missing_file_is_named(tmp_path):
    with pytest.raises(FileNotFoundError, match=r'no file .*none\.pth'):
        load_foreign_checkpoint(tmp_path / 'none.pth')
