import hashlib

from mmbopr.utils.digest import sha256


def test_a_digest_of_more_than_one_block(tmp_path):
    content = bytes(range(256)) * 5000
    (tmp_path / 'large').write_bytes(content)
    found = sha256(tmp_path / 'large')
    assert found == hashlib.sha256(content).hexdigest()
