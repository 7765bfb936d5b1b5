"""The doctor: what it reports, and when it fails."""

import re

from mmbopr.doctor import installation as doctor


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


def test_all_that_is_optional_is_looked_for(pytestconfig):
    lines = (pytestconfig.rootpath / 'requirements/optional.txt').read_text()
    packages = re.findall(r'^[\w-]+', lines, re.MULTILINE)
    modules = [part.module for part in doctor.OPTIONAL]
    assert len(packages) > 5 and set(packages) <= set(modules)
    assert 'rtmlib' in modules and len(set(modules)) == len(modules)


def test_a_broken_part_is_not_there(tmp_path, monkeypatch):
    (tmp_path / 'torn_module.py').write_text('None.version\n')
    monkeypatch.syspath_prepend(str(tmp_path))
    part = doctor.Optional('torn_module', 'nothing', 'do not')
    assert not doctor.is_available(part)
