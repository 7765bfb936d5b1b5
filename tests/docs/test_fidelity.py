"""What docs/fidelity.md refers to exists, and its numbers are the configs'."""

import json
import re
from pathlib import Path

import pytest
from mmengine.config import Config

from mmbopr import registry
from mmbopr.engine.config_check import check_config
from mmbopr.evaluation.protocols import load_protocol

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / 'docs/fidelity.md').read_text()
NODES = [
    x for x in vars(registry).values() if isinstance(x, registry.Registry)
]


def section(title):
    return re.search(rf'## {title}\n(.*?)(\n## |\Z)', PAGE, re.S)[1]


def rows(title):
    """Cells of the tables of a section, without their heads."""
    lines = [x for x in section(title).splitlines() if x.startswith('|')]
    cells = [[c.strip() for c in line.split('|')[1:-1]] for line in lines]
    return [row for row in cells[1:] if not row[0].startswith('---')]


def quoted(text):
    return re.findall(r'`([^`]+)`', text)


def registered(name):
    for node in NODES:
        node.import_from_location()
    return any(name in node.module_dict for node in NODES)


@pytest.mark.parametrize('path', [x for x in quoted(PAGE) if '/' in x])
def test_paths_exist(path):
    assert (ROOT / path).exists()


def test_classes_are_registered():
    names = {x for x in quoted(PAGE) if re.fullmatch(r'[A-Z]\w*[a-z]\w*', x)}
    assert len(names) > 20
    names -= {'None', 'PooledConv2d'}
    assert not {name for name in names if not registered(name)}


def test_each_equation_names_its_class_in_the_file_and_a_test():
    for paper, names, path, test in rows('Equations'):
        (path,), (test,) = quoted(path), quoted(test)
        assert test.startswith('tests/'), paper
        source = ROOT / path
        text = source.read_text() if source.is_file() else ''
        for name in quoted(names):
            assert re.search(rf'(class|def) {name}\b', text), (paper, name)


def test_losses_are_those_of_the_config():
    cfg = Config.fromfile(ROOT / 'configs/_base_/models/bopr_hrnet-w32.py')
    listed = set()
    for _, key, name, weight, _ in rows('Losses'):
        (key,), (name,) = quoted(key), quoted(name)
        _, part, term = key.split('.')
        if weight == 'off':
            assert term not in cfg.model[part]
            cfg.model[part][term] = dict(type=name)
            continue
        loss = cfg.model[part][term]
        assert (loss.type, loss.loss_weight) == (name, float(weight))
        listed.add((part, term))
    configured = {
        (part, term)
        for part in ('neck', 'head')
        for term in cfg.model[part]
        if term.startswith('loss_')
    }
    assert configured - {('head', 'loss_mesh_rel_depth')} == listed
    cfg.default_scope = 'mmbopr'
    check_config(cfg)  # also knows the terms that are off


def test_every_reading_has_an_id_of_its_own():
    ids = [row[0] for row in rows('Where the paper leaves a choice')]
    errors = section("What cannot be right in the paper's tables")
    ids += sorted(set(re.findall(r'^\* (A\d+)\. ', errors, re.M)))
    assert sorted(ids, key=lambda x: int(x[1:])) == [
        f'A{i}' for i in range(1, 49)
    ]


READINGS = rows('Where the paper leaves a choice')
STAGE = 'configs/bopr/bopr_hrnet-w32_1xb64-55k_mixed-224x224.py'


def test_every_reading_names_its_key():
    keys = [x for *_, cell in READINGS for x in quoted(cell) if '.' in x]
    assert len(keys) > 40
    for key in keys:
        cfg = Config.fromfile(ROOT / STAGE)
        node = cfg
        for part in key.split('.')[:-1]:
            node = node[int(part) if part.isdigit() else part]
        if 'type' in node:  # it may also be left at its default
            cfg.merge_from_dict({key: node.get(key.split('.')[-1])})
            check_config(cfg)
        else:
            assert key.split('.')[-1] in node, key


def test_readings_without_a_key_say_so():
    for row in READINGS:
        assert quoted(row[-1]) or row[-1] == 'none', row


def test_protocols_exist():
    names = [
        name
        for *_, cell in READINGS
        for name in re.findall(r'protocol`: `(\w+)`', cell)
    ]
    assert len(names) >= 5
    for name in names:
        assert load_protocol(name)['name'] == name


def test_rows_of_table_5_are_the_papers():
    path = ROOT / 'mmbopr/evaluation/tables/paper_tables.json'
    paper = json.loads(path.read_text())['table5']['rows']
    found = {
        row.removeprefix('table 5, '): quoted(cell)
        for row, cell in rows('Training, tables and figures')
        if row.startswith('table 5')
    }
    assert set(found) == set(paper)
    for name, (config,) in found.items():
        head = (ROOT / config).read_text().split('_base_')[0]
        text = head.replace('\n# ', ' ')
        assert 'MPJPE {}, PA-MPJPE {}, PVE {}'.format(*paper[name]) in text


def test_every_figure_is_there():
    text = ' '.join(row for row, _ in rows('Training, tables and figures'))
    numbers = re.findall(r'figures? (\d)(?: and (\d))?', text)
    assert {n for pair in numbers for n in pair if n} == set('12345')
