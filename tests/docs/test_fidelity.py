"""What docs/fidelity.md refers to exists, and its numbers are the configs'."""

import re
from pathlib import Path

import pytest
from mmengine.config import Config

from mmbopr import registry
from mmbopr.engine.config_check import check_config

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
        f'A{i}' for i in range(1, 47)
    ]
