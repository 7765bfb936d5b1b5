"""Body models, regressors and checkpoints."""

import re
from pathlib import Path
from typing import Dict, Iterator, List, Set

import torch
from mmengine.config import Config

from mmbopr.body_models.smpl_files import find_smpl_file
from mmbopr.engine.checkpoints import is_complete
from mmbopr.engine.config_check import components
from mmbopr.utils.digest import sha256

from .data_files import PHASES, converter_of, data_sets
from .finding import Finding, describe_file

SPIN_PAGE = 'https://github.com/nkolot/SPIN'
_REGRESSORS = ('J_regressor_extra.npy', 'J_regressor_h36m.npy')
# torch.hub's way to name files: the first digits of their digest.
_DIGEST_IN_NAME = re.compile(r'-([0-9a-f]{8,})[_.]')


def find_bodies(cfg: Config) -> List[Finding]:
    """Files of all body models of the config, and the regressors."""
    wanted: Dict[str, Set[str]] = {}
    for _, component in components(cfg.to_dict(), ''):
        if component['type'].split('.')[-1] in ('GenderedSMPL', 'SMPL'):
            genders = wanted.setdefault(str(component['model_path']), set())
            genders |= {'neutral', *_genders(cfg)}
        elif 'MeshLocalVisualizer' in component['type']:
            path = str(component.get('model_path', 'open'))
            wanted.setdefault(path, set()).add('neutral')
    findings = []
    for path, genders in sorted(wanted.items()):
        if path == 'open':
            findings.append(
                Finding('the open body', True, 'is part of mmbopr')
            )
        else:
            findings += _find_smpl(path, sorted(genders, reverse=True))
    return findings


def _genders(cfg: Config) -> Iterator[str]:
    """Whose bodies the rows of the data sets may be in."""
    for phase in PHASES:
        for dataset in data_sets(cfg, phase):
            converter = converter_of(dataset)
            yield from converter.genders if converter else ()


def _find_smpl(model_path: str, genders: List[str]) -> Iterator[Finding]:
    folder = Path(model_path)
    for gender in genders:
        what = f'{gender} SMPL body in {model_path}'
        try:
            path = find_smpl_file(model_path, gender)
        except FileNotFoundError as error:
            yield Finding(what, False, remedy=str(error))
            continue
        folder = path.parent
        yield Finding(what, True, f'{path.name}, {describe_file(path)}')
    for name in _REGRESSORS:
        path = folder / name
        if path.is_file():
            yield Finding(f'regressor {path}', True, describe_file(path))
        else:
            yield Finding(
                f'regressor {path}',
                False,
                remedy=f'It is in the data archive of {SPIN_PAGE} (its '
                'fetch_data.sh); put it there',
            )


def find_checkpoints(cfg: Config) -> List[Finding]:
    """What the training starts from, and what parts are initialised with."""
    findings = []
    if cfg.get('load_from'):
        findings.append(_find_weights('load_from', cfg.load_from))
    for path, component in components(cfg.to_dict(), ''):
        if 'Pretrained' in component['type'] and component.get('checkpoint'):
            findings.append(_find_weights(path, component['checkpoint']))
    return findings


def _find_weights(key: str, address: str) -> Finding:
    """A checkpoint, by its path or its address."""
    what = f'checkpoint {address} ({key})'
    is_remote = '://' in address
    path = Path(address)
    if is_remote:
        path = Path(torch.hub.get_dir(), 'checkpoints', path.name)
    if path.is_file():
        return _check_weights(what, path, address)
    if is_remote:
        return Finding(
            what,
            True,
            f'is downloaded when needed; without a connection, put it to '
            f'{path}',
        )
    return Finding(
        what,
        False,
        remedy='Train the stage that writes it (tools/run_recipe.py runs '
        'several in turn), or put the file there',
    )


def _check_weights(what: str, path: Path, address: str) -> Finding:
    details = describe_file(path)
    digest = _DIGEST_IN_NAME.search(path.name)
    torn = digest and not sha256(path).startswith(digest[1])
    # Those of a training are zip files, which end in their directory.
    if '://' not in address and not digest:
        torn = not is_complete(path)
    remedy = f'{path} is damaged or cut off: delete it, and get it again'
    return Finding(what, not torn, details, remedy if torn else '')
