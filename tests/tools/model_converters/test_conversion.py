"""Every key is accounted for, and a file is written whole or not at all."""

import hashlib
import re
import subprocess
import sys
from pathlib import Path

import pytest
import torch

ROOT = Path(__file__).parents[3]
SHAPES = {
    'backbone.conv.weight': torch.Size([2, 3]),
    'head.fc.weight': torch.Size([4, 2]),
    'head.fc.bias': torch.Size([4]),
}
STATE = {
    'net.encoder.conv.weight': torch.arange(6.0).view(2, 3),
    'net.fc.weight': torch.arange(8.0).view(2, 4),
    'net.aux.weight': torch.zeros(1),
    'net.aux.bias': torch.zeros(1),
    'smpl.faces': torch.zeros(3),
}


@pytest.fixture
def toy(tools, monkeypatch):
    """A network of three tensors, one of which only exists here."""
    monkeypatch.setattr(
        tools.conversion, 'expected_shapes', lambda base: SHAPES
    )
    Rule = tools.conversion.Rule
    return tools.conversion.Original(
        name='Toy',
        page='https://example.org/toy',
        root='model',
        prefix='net.',
        rules=[
            Rule(r'encoder\.(.*)', r'backbone.\1'),
            Rule(r'fc\..*', lambda match: f'head.{match[0]}', torch.t),
            Rule(r'aux\..*', None, reason='of no use'),
        ],
        find_base=lambda state: 'toy',
        beside=r'smpl\..*',
        added={'head.fc.bias': torch.ones(4)},
    )


@pytest.fixture
def run(tools, toy, tmp_path, capsys):
    """Function that converts a state dict on the command line."""

    def run(state, root='model'):
        src, dst = tmp_path / 'toy.pt', tmp_path / 'out/toy.pth'
        torch.save({root: state, 'epoch': 3}, src)
        try:
            tools.command.main(toy, [str(src), str(dst)])
        except SystemExit as error:
            assert not dst.parent.exists() or not list(dst.parent.iterdir())
            return capsys.readouterr().out, str(error)
        account = dst.with_name('toy.pth.keys.txt')
        assert set(dst.parent.iterdir()) == {dst, account}
        return capsys.readouterr().out, torch.load(dst, weights_only=True)

    return run


def rows(table):
    """The printed table as (what, count, subject)."""
    cells = (line.split(maxsplit=2) for line in table.splitlines())
    return [(what, int(n), *rest) for n, what, *rest in cells if n.isdigit()]


def test_a_conversion_and_its_account(run, tmp_path):
    out, checkpoint = run(STATE)
    account = (tmp_path / 'out/toy.pth.keys.txt').read_text().splitlines()
    assert account == [
        'dropped  smpl.faces  (not in net.*: of the training run)',
        'mapped   encoder.conv.weight -> backbone.conv.weight',
        'mapped   fc.weight -> head.fc.weight',
        r'dropped  aux.weight  (aux\..*: of no use)',
        r'dropped  aux.bias  (aux\..*: of no use)',
        'added    head.fc.bias',
    ]
    assert rows(out) == [
        ('added', 1, 'head.fc.bias: the original has none'),
        ('dropped', 2, r'aux\..*: of no use'),
        ('dropped', 1, 'not in net.*: of the training run'),
        ('mapped', 1, 'to backbone'),
        ('mapped', 1, 'to head'),
        ('unknown', 0),
        ('misshapen', 0),
        ('lacking', 0),
    ]
    state = checkpoint['state_dict']
    body = state.pop('body_model.neutral._extra_state')
    assert bytes(body.tolist()) == b'smpl'
    torch.testing.assert_close(
        state,
        {
            'backbone.conv.weight': STATE['net.encoder.conv.weight'],
            'head.fc.weight': STATE['net.fc.weight'].T,
            'head.fc.bias': torch.ones(4),
        },
    )
    meta = checkpoint['meta']
    digest = hashlib.sha256((tmp_path / 'toy.pt').read_bytes()).hexdigest()
    assert meta['source_sha256'] == digest
    assert meta['source'] == 'toy.pt of Toy, https://example.org/toy'
    assert meta['body_model_id'] == 'smpl'
    assert meta['model'] == 'configs/_base_/models/toy.py'
    assert 'Toy' in meta['license'] and 'SMPL' in meta['license']


@pytest.mark.parametrize(
    ('change', 'row'),
    [
        ({'net.gamma': torch.ones(1)}, ('unknown', 1, 'gamma')),
        ({'net.encoder.new': torch.ones(1)}, ('unknown', 1, 'encoder.new')),
        ({'modul.fc9': torch.ones(1)}, ('unknown', 1, 'modul.fc9')),
        ({'net.fc.weight': None}, ('lacking', 1, 'head.fc.weight')),
        (
            {'net.fc.weight': torch.zeros(2, 5)},
            ('misshapen', 1, 'fc.weight (2, 5)'),
        ),
        (
            {'net.fc.weight': torch.zeros(2, 2, 2)},  # torch.t refuses it
            ('misshapen', 1, 'fc.weight (2, 2, 2)'),
        ),
    ],
    ids=[
        'unknown',
        'unknown here',
        'beside',
        'lacking',
        'misshapen',
        'dimensions',
    ],
)
def test_another_network_is_refused(run, change, row):
    state = {k: v for k, v in (STATE | change).items() if v is not None}
    out, error = run(state)
    assert row in rows(out)
    assert error.startswith('error:')
    assert 'toy.pt is not the network that Toy released' in error
    assert 'nothing was written' in error


def test_every_unknown_key_is_named(run):
    odd = {f'net.odd{i}': torch.ones(1) for i in range(14)}
    out, _ = run(STATE | odd)
    (row,) = (row for row in rows(out) if row[0] == 'unknown')
    assert row[1] == 14 and row[2].split(', ')[-1] == 'odd13'


@pytest.mark.parametrize('state', [STATE, {'net.fc.weight': 'text'}])
def test_a_file_of_another_layout_is_refused(run, state):
    root = 'state_dict' if state is STATE else 'model'
    _, error = run(state, root)
    assert 'toy.pt is no checkpoint of Toy' in error
    assert f"under 'model', found ['{root}', 'epoch']" in error


def test_the_official_file_is_never_overwritten(tools, toy, tmp_path):
    path = tmp_path / 'toy.pt'
    torch.save({'model': STATE}, path)
    before = path.read_bytes()
    with pytest.raises(SystemExit):
        tools.command.main(toy, [str(path), str(tmp_path / '.' / path)])
    assert path.read_bytes() == before


@pytest.mark.parametrize(
    'failing', [(torch, 'save'), (Path, 'write_text')], ids=lambda x: x[1]
)
@pytest.mark.parametrize('again', [False, True])
def test_weights_and_account_come_together(
    tools, toy, tmp_path, monkeypatch, failing, again
):
    src, out = tmp_path / 'toy.pt', tmp_path / 'out'
    torch.save({'model': STATE}, src)
    arguments = [str(src), str(out / 'toy.pth')]
    if again:
        tools.command.main(toy, arguments)
    before = {path: path.read_bytes() for path in out.glob('*')}
    assert len(before) == 2 * again

    def fail(*args, **kwargs):
        raise OSError('no space left')

    monkeypatch.setattr(*failing, fail)
    with pytest.raises(OSError, match='no space left'):
        tools.command.main(toy, arguments)
    assert before == {path: path.read_bytes() for path in out.glob('*')}


def test_a_folder_is_no_destination(tools, toy, tmp_path, capsys):
    with pytest.raises(SystemExit):
        tools.command.main(toy, [str(tmp_path / 'toy.pt'), str(tmp_path)])
    assert 'is a folder; name a file in it' in capsys.readouterr().err


# --- the three scripts
def test_another_temperature_of_pare_is_refused(tools):
    state = {'model.head.temperature': torch.tensor(0.5)}
    with pytest.raises(ValueError, match=r'temperature is 0\.5.*released'):
        tools.conversion.convert(state, tools.pare2mmbopr.PARE)


@pytest.mark.parametrize('name', ['pare', 'spin', 'cliff'])
def test_numbers_of_any_seed_arrive(name, tools, load_parity):
    """They are moved about, not changed: their sums stay."""
    original = getattr(getattr(tools, f'{name}2mmbopr'), name.upper())
    parity = load_parity({'cliff': 'cliff50'}.get(name, name))
    state = parity.state_dict(seed=71)
    converted = tools.conversion.convert(state, original)
    assert not any(converted.problems.values())

    def is_kept(key):
        key = key.removeprefix(original.prefix)
        rules = original.rules
        rule = next(x for x in rules if re.fullmatch(x.pattern, key))
        return rule.target is not None

    kept = [value for key, value in state.items() if is_kept(key)]
    for power in (1, 2):
        sums = [
            torch.stack([x.double().pow(power).sum() for x in values]).sum()
            for values in (kept, converted.state_dict.values())
        ]
        torch.testing.assert_close(*sums)


@pytest.mark.parametrize('name', ['pare', 'spin', 'cliff'])
def test_the_scripts_start(name, tmp_path):
    script = ROOT / f'tools/model_converters/{name}2mmbopr.py'
    result = subprocess.run(
        [sys.executable, script, tmp_path / 'none.pt', tmp_path / 'out.pth'],
        capture_output=True,
        text=True,
        check=False,
        cwd=ROOT,
    )
    assert result.returncode == 1
    last = result.stderr.splitlines()[-1]
    assert last == f'error: there is no file {tmp_path}/none.pt'
