import pytest

from mmbopr.body_models import GenderedSMPL
from mmbopr.testing.fake_smpl import write_fake_smpl


@pytest.fixture(scope='session')
def open_body():
    return GenderedSMPL('open')


@pytest.fixture(scope='session')
def smpl_folder(tmp_path_factory):
    return write_fake_smpl(tmp_path_factory.mktemp('smpl') / 'smpl')
