"""The doctor: what it reports, and when it fails."""

import importlib.metadata
import sys
import types

from mmbopr import doctor


def test_a_healthy_installation(capsys):
    assert doctor.report()
    out = capsys.readouterr().out
    for module in doctor.REQUIRED:
        assert f'  {module:12} ' in out
    assert 'MISSING' not in out
    assert 'Open body: 6700 vertices' in out


def test_what_is_missing_is_named_with_the_remedy(capsys, monkeypatch):
    monkeypatch.setattr(doctor, 'REQUIRED', ('torch', 'no_such_module'))
    assert not doctor.report()
    out = capsys.readouterr().out
    assert 'no_such_module MISSING' in out and 'make install' in out


def test_optional_parts_say_what_they_would_give(capsys, monkeypatch):
    part = doctor.Optional('no_such_module', 'wings', 'pip install wings')
    monkeypatch.setattr(doctor, 'OPTIONAL', (part,))
    assert doctor.report()
    out = capsys.readouterr().out
    assert 'Gives: wings.' in out and 'Get it: pip install wings.' in out


def test_a_stand_in_is_named(monkeypatch):
    module = types.ModuleType('pycocotools')
    monkeypatch.setitem(sys.modules, 'xtcocotools', module)
    monkeypatch.setattr(
        importlib.metadata, 'version', {'pycocotools': '2'}.get
    )
    assert doctor.version_of('xtcocotools') == '2 (pycocotools stands in)'
