"""Files of AGORA: dataframes, fitted bodies, pictures."""

from functools import lru_cache
from pathlib import Path
from typing import Any, Dict, List

import numpy as np

from mmbopr.utils.dataframe_stand_ins import DATAFRAME_ALLOW
from mmbopr.utils.safe_load import safe_load_pickle
from mmbopr.utils.tensor_stand_ins import TENSOR_ALLOW

from .raw_files import ConversionError, find_input, take_any, take_flat

_WITH_JOINTS = '_withjv'
_PER_PERSON = ('X', 'Y', 'Z', 'Yaw', 'kid', 'occlusion', 'isValid',
               'gt_path_smpl')  # fmt: skip
_POSED = ('gt_joints_2d', 'gt_joints_3d', 'gt_verts')


def find_frames(root: Path, split: str, page: str) -> List[Path]:
    """Dataframes in any folder, the one with joints if there are two.

    Raises:
        FileNotFoundError: If there is none.
    """
    found = {}
    for path in sorted(root.rglob(f'{split}_[0-9]*.pkl')):
        name = frame_name(path)
        if name not in found or path.stem != name:
            found[name] = path
    if not found:
        raise FileNotFoundError(
            f'{root}: no {split}_0{_WITH_JOINTS}.pkl in any folder. Get the '
            f'camera dataframes for SMPL from {page} and put them there'
        )
    return list(found.values())


def frame_name(path: Path) -> str:
    """Name of a dataframe, whether it holds joints or not."""
    return path.stem.removesuffix(_WITH_JOINTS)


def read_frame(path: Path) -> List[Dict[str, Any]]:
    """The pictures of a dataframe.

    Args:
        path: A pickle written by pandas 1 or 2.

    Returns:
        list[dict]: For each picture its fields, and in ``people`` those of
        each person.

    Raises:
        ConversionError: If a field is missing or about fewer people.
    """
    frame = safe_load_pickle(path, allow=DATAFRAME_ALLOW)
    listed = [key for key in (*_PER_PERSON, *_POSED) if key in frame]
    for key in ('imgPath', *_PER_PERSON):
        take_any(frame, key, path)
    pictures = []
    for number in range(len(frame['imgPath'])):
        fields = {key: column[number] for key, column in frame.items()}
        count = len(fields['isValid'])
        for key in listed:
            if len(fields[key]) != count:
                raise ConversionError(
                    f"{path}, picture {number}: 'isValid' is about {count} "
                    f'people, {key!r} about {len(fields[key])}'
                )
        fields['people'] = [
            {key: fields[key][person] for key in listed}
            for person in range(count)
        ]
        pictures.append(fields)
    return pictures


@lru_cache(maxsize=1)
def index_pictures(root: Path) -> Dict[str, str]:
    """Paths from the root of pictures in any folder, by name."""
    return {
        path.name: str(path.relative_to(root)) for path in root.rglob('*.png')
    }


@lru_cache(maxsize=8192)
def read_fit(root: Path, name: str, page: str) -> Dict[str, np.ndarray]:
    """The body fitted to a scan, which stands in several pictures.

    Args:
        root: Folder of the data set.
        name: ``gt_path_smpl``, the mesh that lies beside the parameters.
        page: Where it comes from.

    Returns:
        dict: ``pose`` (24, 3), ``betas`` (10,) without a child's eleventh,
        and ``transl`` (3,).
    """
    path = find_input(root, str(Path(name).with_suffix('.pkl')), page)
    fit = safe_load_pickle(path, allow=TENSOR_ALLOW)
    pose = [take_flat(fit, 'root_pose', (3,), path)]
    pose.append(take_flat(fit, 'body_pose', (69,), path))
    return {
        'pose': np.concatenate(pose).reshape(24, 3),
        'betas': take_flat(fit, 'betas', (10, 11), path)[:10],
        'transl': take_flat(fit, 'translation', (3,), path),
    }
