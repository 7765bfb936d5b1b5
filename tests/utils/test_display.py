import sys

import pytest

from mmbopr.utils.display import has_display

NAMES = ('DISPLAY', 'WAYLAND_DISPLAY')


@pytest.mark.parametrize(
    ('platform', 'named', 'expected'),
    [
        ('linux', {}, False),
        ('linux', dict(DISPLAY=''), False),
        ('linux', dict(DISPLAY=':0'), True),
        ('linux', dict(WAYLAND_DISPLAY='wayland-0'), True),
        ('darwin', {}, True),
        ('win32', {}, True),
    ],
)
def test_whether_windows_can_be_opened(monkeypatch, platform, named, expected):
    monkeypatch.setattr(sys, 'platform', platform)
    for name in NAMES:
        monkeypatch.delenv(name, raising=False)
    for name, value in named.items():
        monkeypatch.setenv(name, value)
    assert has_display() is expected
