"""Body models: SMPL, and an open body that needs no registration."""

from .body_data import BodyData, BodyMismatchError
from .check_body import check_body
from .gendered_smpl import GenderedSMPL
from .smpl import SMPL, SMPLOutput

__all__ = [
    'SMPL',
    'BodyData',
    'BodyMismatchError',
    'GenderedSMPL',
    'SMPLOutput',
    'check_body',
]
