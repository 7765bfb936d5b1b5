"""The command line; the files are tested in tests/deployment."""

import pytest
import torch

from mmbopr.deployment import ExportMetadata
from mmbopr.deployment.metadata import METADATA_KEY


@pytest.fixture(scope='module')
def tool(load_tool):
    return load_tool('deployment/export_model.py')


def arguments(folder, out, *more):
    return [
        str(folder / 'config.py'), str(folder / 'net.pth'),
        '--out', str(out), *more,
    ]  # fmt: skip


def test_a_file_is_written_and_compared(tool, tiny_model, tmp_path, capsys):
    out = tmp_path / 'model.pt2'
    tool.main(arguments(tiny_model, out))
    facts = {METADATA_KEY: ''}
    torch.export.load(out, extra_files=facts)
    metadata = ExportMetadata.from_json(facts[METADATA_KEY], out)
    assert metadata.checkpoint == 'net.pth'
    text = capsys.readouterr().out
    assert 'inputs: inputs, bbox, K\n' in text
    for name in metadata.outputs:
        assert f'  {name} ' in text


def test_errors_end_the_program(tool, tiny_model, tmp_path):
    with pytest.raises(SystemExit, match=r'error: .*model\.xml'):
        tool.main(arguments(tiny_model, tmp_path / 'model.xml'))
    with pytest.raises(RuntimeError, match=r'head\.num_iterations|size mism'):
        tool.main(
            arguments(
                tiny_model, tmp_path / 'model.pt2',
                '--cfg-options', 'model.head.embed_dims=64',
            )
        )  # fmt: skip
    assert not list(tmp_path.iterdir())
