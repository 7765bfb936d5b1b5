import signal
import socket
import sys
import urllib.request

import pytest

from mmbopr.cli import main, web


@pytest.fixture
def run_web(tiny_model, handlers_stay):
    """Function that serves until interrupted and returns the exit code."""

    def run(*argv):
        model = ['--config', tiny_model / 'config.py', '--device', 'cpu',
                 '--checkpoint', tiny_model / 'net.pth']  # fmt: skip
        return main(['web', *(str(x) for x in (*model, *argv))])

    return run


@pytest.mark.parametrize('signum', [signal.SIGINT, signal.SIGTERM])
def test_it_serves_until_interrupted(
    run_web, monkeypatch, capsys, tmp_path, signum
):
    monkeypatch.setattr('tempfile.tempdir', str(tmp_path))
    before = signal.getsignal(signal.SIGTERM)
    said = []

    class Interrupted:
        def wait(self):
            said.append(capsys.readouterr().out)
            assert list(tmp_path.glob('mmbopr-web-*'))
            url = said[-1].split('open ')[1].split()[0]
            said.append(urllib.request.urlopen(url).read().decode())
            signal.raise_signal(signum)

    monkeypatch.setattr(web, 'Event', Interrupted)
    assert run_web('--det', 'whole') == 0
    console, page = said
    assert 'open http://127.0.0.1:' in console
    assert 'Model: net.pth, on torch.' in page
    assert not list(tmp_path.glob('mmbopr-web-*'))
    assert signal.getsignal(signal.SIGTERM) == before


def test_what_is_missing_is_said(run_web, tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    assert main(['web']) == 2
    assert '`make demo` trains a small model' in capsys.readouterr().err
    assert run_web('--det', 'lost.json') == 2
    assert 'lost.json' in capsys.readouterr().err
    monkeypatch.setitem(sys.modules, 'gradio', None)
    assert run_web() == 2
    assert 'run "pip install gradio"' in capsys.readouterr().err


def test_a_taken_port_is_refused(run_web, capsys):
    with socket.socket() as taken:
        taken.bind(('127.0.0.1', 0))
        taken.listen()
        port = taken.getsockname()[1]
        assert run_web('--port', port) == 2
    assert str(port) in capsys.readouterr().err
