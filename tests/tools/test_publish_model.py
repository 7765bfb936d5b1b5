import hashlib
import re

import pytest
import torch
from mmengine.config import Config
from mmengine.logging import HistoryBuffer

from mmbopr.apis import init_model


@pytest.fixture(scope='module')
def tool(load_tool):
    return load_tool('misc/publish_model.py')


@pytest.fixture
def trained(tiny_model, tmp_path):
    """The tiny model's weights with all that a training adds."""
    net = torch.load(tiny_model / 'net.pth', weights_only=True)
    torch.save(
        dict(
            **net,
            meta=dict(epoch=9),
            optimizer=dict(state={0: torch.zeros(100_000)}),
            param_schedulers=[{}],
            message_hub=dict(log_scalars=dict(loss=HistoryBuffer([1], [1]))),
        ),
        tmp_path / 'epoch_9.pth',
    )
    return tmp_path / 'epoch_9.pth'


def test_weights_stay_and_the_name_is_the_hash(
    tool, tiny_model, trained, tmp_path, capsys
):
    tool.main([str(trained), str(tmp_path / 'models/bopr.pth')])

    (path,) = (tmp_path / 'models').iterdir()
    name = re.fullmatch(r'bopr_\d{8}-([0-9a-f]{8})\.pth', path.name)
    assert hashlib.sha256(path.read_bytes()).hexdigest()[:8] == name[1]
    assert torch.hub.HASH_REGEX.search(path.name)[1] == name[1]
    published = torch.load(path, weights_only=True)
    assert published.keys() == {'meta', 'state_dict'}
    assert published['meta'] == dict(epoch=9)
    assert path.stat().st_size < trained.stat().st_size - 400_000
    before = torch.load(tiny_model / 'net.pth', weights_only=True)
    for key, tensor in before['state_dict'].items():
        assert torch.equal(published['state_dict'][key], tensor)
    out = capsys.readouterr().out
    assert "['message_hub', 'optimizer', 'param_schedulers']" in out
    assert str(path) in out


def test_it_can_be_used(tool, tiny_model, trained, tmp_path):
    path = tool.publish_model(trained, tmp_path / 'x.pth')

    model = init_model(Config.fromfile(tiny_model / 'config.py'), path)

    assert not model.training


def test_the_same_weights_have_the_same_name(tool, trained, tmp_path):
    first = tool.publish_model(trained, tmp_path / 'a/x.pth')
    second = tool.publish_model(trained, tmp_path / 'b/x.pth')

    assert first.name == second.name


def test_other_files_are_named(tool, tmp_path):
    torch.save(dict(weights=torch.zeros(1)), tmp_path / 'x.pth')

    with pytest.raises(ValueError, match=r"x\.pth has no .*'state_dict'"):
        tool.publish_model(tmp_path / 'x.pth', tmp_path / 'y.pth')
    with pytest.raises(FileNotFoundError, match=r'z\.pth'):
        tool.publish_model(tmp_path / 'z.pth', tmp_path / 'y.pth')
    (tmp_path / 'x.pth').write_bytes(b'no checkpoint')
    with pytest.raises(ValueError, match=r'x\.pth is no checkpoint'):
        tool.publish_model(tmp_path / 'x.pth', tmp_path / 'y.pth')
    assert [p.name for p in tmp_path.iterdir()] == ['x.pth']
