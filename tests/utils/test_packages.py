import json
import sys

import pytest

from mmbopr.utils.packages import need


def test_a_package_that_is_there_is_returned():
    assert need('json', 'this test') is json


def test_one_that_is_not_is_named_with_purpose_and_remedy(monkeypatch):
    monkeypatch.setitem(sys.modules, 'json', None)
    message = '^this test needs json, .*run "pip install json"'
    with pytest.raises(ImportError, match=message):
        need('json', 'this test')
