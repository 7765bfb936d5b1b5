"""The doctor: what it reports, and when it fails."""

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
