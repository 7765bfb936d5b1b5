"""The files that SPIN, PARE and CLIFF train on."""

from pathlib import Path
from typing import Any, Dict, Optional, Union

import numpy as np

from mmbopr.structures import GENDER_OF_INITIAL, J24_HIPS, NEUTRAL
from mmbopr.utils.safe_npz import safe_load_npz

from .base_converter import Unit
from .geometry import hip_centred, with_confidence
from .npz_converter import NpzConverter
from .posing import pose_bodies
from .raw_files import ConversionError, take, take_any
from .rows import Rows

_NUM_OPENPOSE = 25


class SPINNpzConverter(NpzConverter):
    """A row for every entry of an npz of SPIN's ``dataset_extras``.

    So data sets come with bodies that nobody gives away any more (the MoSh
    fits of Human3.6M, SPIN's fits to MPI-INF-3DHP) or that are pseudo ground
    truth (PARE's EFT files, CLIFF's of COCO and MPII, whose ``global_t`` and
    ``focal_l`` become translation and camera).

    Boxes are those of the file.  3D joints come from the body; from ``S``
    where there is none.

    Args:
        root: Folder that the file's image paths start from.
        split: ``'all'``.
        body_model: See :class:`DatasetConverter`.
        file: The npz file.
        dataset: What the column ``dataset`` is to say, by which dataset
            classes know their files; by default the name of the file.
        partial: See :class:`DatasetConverter`.
    """

    name = 'spin_npz'
    page = 'https://github.com/nkolot/SPIN'
    origin = (
        'Such files are in the dataset_extras of '
        'https://github.com/nkolot/SPIN, PARE and CLIFF'
    )

    def __init__(
        self,
        root: Union[str, Path],
        split: str = 'all',
        body_model: Union[str, Path] = 'open',
        *,
        file: Union[str, Path],
        dataset: Optional[str] = None,
        partial: bool = False,
    ):
        super().__init__(root, split, body_model, file=file, partial=partial)
        self.dataset = dataset or self.file.stem

    def settings(self) -> Dict[str, Any]:
        """And what the data set is to be called."""
        return {**super().settings(), 'column_dataset': self.dataset}

    def convert(self, unit: Unit) -> Rows:
        """See the base class; the camera's centre is that of the picture."""
        rows = super().convert(unit)
        if 'focal' in rows:
            focal = rows.pop('focal')
            size = rows['img_hw'][:, ::-1]
            rows['K'] = np.concatenate([focal, focal, size / 2], 1)
        return rows

    def read(self, unit: Unit) -> Rows:
        """All entries."""
        raw, path = safe_load_npz(unit.path), unit.path
        names = [_text(x) for x in take_any(raw, 'imgname', path)]
        N = len(names)
        rows = Rows(
            img_path=names,
            bbox_cs=np.concatenate(
                [
                    take(raw, 'center', (N, 2), path),
                    200 * take(raw, 'scale', (N,), path)[:, None],
                ],
                1,
            ),
            gender=_genders(raw, N, path),
            kp2d=_keypoints(raw, N, path),
            seq=[Path(name).parent.name for name in names],
            frame=[Path(name).stem for name in names],
            dataset=np.full(N, self.dataset),
        )
        if 'S' in raw:
            rows['joints'] = take(raw, 'S', (N, 24, 4), path)
        if 'pose' in raw:
            self._add_bodies(rows, raw, path)
        _add_joints(rows)
        return rows

    def _add_bodies(self, rows: Rows, raw: Dict, path: Path) -> None:
        """Pose and shape, translation and focal length if they are there."""
        N = len(rows)
        pose = take(raw, 'pose', (N, 72), path).reshape(N, 24, 3)
        betas = take(raw, 'shape', (N, 10), path)
        there = np.ravel(raw.get('has_smpl', np.ones(N))) > 0
        rows['has_smpl'] = there
        # Entries without a body are posed at rest and not used.
        rows['pose'] = np.where(there[:, None, None], pose, 0)
        rows['betas'] = np.where(there[:, None], betas, 0)
        if 'global_t' in raw:
            rows['transl'] = take(raw, 'global_t', (N, 3), path)
        if 'focal_l' in raw:
            rows['focal'] = take(raw, 'focal_l', (N,), path)[:, None]
        rows.drop_not_numbers('body parameters', 'pose', 'betas')
        rows['posed'] = pose_bodies(self.body, rows.columns).j24


def _text(name: Union[str, bytes]) -> str:
    return name.decode() if isinstance(name, bytes) else str(name)


def _genders(raw: Dict, N: int, path: Path) -> np.ndarray:
    if 'gender' not in raw:
        return np.full(N, NEUTRAL)
    names = [_text(x)[:1] for x in raw['gender']]
    unknown = set(names) - set(GENDER_OF_INITIAL)
    if unknown:
        raise ConversionError(
            f"{path}: 'gender' holds {sorted(unknown)}, expected "
            f'{sorted(GENDER_OF_INITIAL)}'
        )
    return np.array([GENDER_OF_INITIAL[name] for name in names])


def _keypoints(raw: Dict, N: int, path: Path) -> np.ndarray:
    """SPIN-49: ``openpose``, then ``part``; absent where the file has none."""
    keypoints = np.zeros((N, 49, 3))
    if 'openpose' in raw:
        openpose = take(raw, 'openpose', (N, _NUM_OPENPOSE, 3), path)
        keypoints[:, :_NUM_OPENPOSE] = openpose
    if 'part' in raw:
        keypoints[:, _NUM_OPENPOSE:] = take(raw, 'part', (N, 24, 3), path)
    return keypoints


def _add_joints(rows: Rows) -> None:
    """3D joints around the mid-hip: of the body, else of the file."""
    joints = np.zeros((len(rows), 24, 4))
    if 'joints' in rows:
        joints = rows.pop('joints')
        joints[..., 3] *= (joints[:, J24_HIPS, 3] > 0).all(1)[:, None]
        joints[..., :3] = hip_centred(joints[..., :3])
    if 'posed' in rows:
        posed = with_confidence(hip_centred(rows.pop('posed')))
        joints = np.where(rows['has_smpl'][:, None, None], posed, joints)
    joints[..., :3] *= joints[..., 3:] > 0
    rows['kp3d'] = joints
    rows['has_kp3d'] = (joints[..., 3] > 0).any(1)
