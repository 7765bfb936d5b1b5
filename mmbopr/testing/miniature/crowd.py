"""People in front of a camera, about whom everything is known."""

from dataclasses import dataclass, replace
from functools import cached_property
from typing import Dict, Optional, Sequence, Tuple

import numpy as np
import torch
from scipy.spatial.transform import Rotation

from mmbopr.body_models import GenderedSMPL
from mmbopr.structures import J24_HIPS, J24_IN_SPIN_49, NEUTRAL, SMPL_24

from ..stick_figures import draw_figure, smooth_background

_DEPTH = 6.0  # metres to the camera
_FILL = 0.6  # part of the picture's height that a person of 1.7 m spans
_FLIP = list(SMPL_24.flip_indices)


@dataclass(frozen=True)
class Crowd:
    """N people in several pictures of one camera.

    Attributes:
        body_model: ``'open'`` or a folder of SMPL files.
        image_size: (w, h) of the pictures.
        K: (4,) fx, fy, cx, cy in pixels.
        frame: (N,) picture that a person is in; each holds as many people.
        person: (N,) number of a person in the picture.
        pose: (N, 24, 3) axis-angle, the root in the camera frame.
        betas: (N, 10).
        gender: (N,) code of the model that pose and betas belong to.
        transl: (N, 3) metres, camera frame.
        original: The crowd that this is the mirror image of.
    """

    body_model: str
    image_size: Tuple[int, int]
    K: np.ndarray
    frame: np.ndarray
    person: np.ndarray
    pose: np.ndarray
    betas: np.ndarray
    gender: np.ndarray
    transl: np.ndarray
    original: Optional['Crowd'] = None

    def __len__(self) -> int:
        return len(self.frame)

    @property
    def num_frames(self) -> int:
        """Number of pictures."""
        return int(self.frame.max()) + 1

    @property
    def num_people(self) -> int:
        """Number of people in a picture."""
        return len(self) // self.num_frames

    def of_person(self, person: int) -> np.ndarray:
        """(N,) bool, the rows of one person."""
        return self.person == person

    # --- bodies
    @cached_property
    def _posed(self) -> Tuple[np.ndarray, np.ndarray, np.ndarray]:
        """Vertices, SMPL-45 and SPIN-49 without the translation."""
        body = GenderedSMPL(self.body_model)
        pose = torch.from_numpy(self.pose).float()
        with torch.no_grad():
            output = body(
                betas=torch.from_numpy(self.betas).float(),
                body_pose=pose[:, 1:].flatten(1),
                global_orient=pose[:, 0],
                gender=torch.from_numpy(self.gender),
            )
            points = output.joints, body.joint_set(output, 'spin_49')
        return tuple(x.double().numpy() for x in (output.vertices, *points))

    @property
    def pelvis(self) -> np.ndarray:
        """(N, 3) the pelvis before the translation, metres."""
        return self._posed[1][:, 0]

    @property
    def vertices(self) -> np.ndarray:
        """(N, V, 3) metres, camera frame."""
        return self._posed[0] + self.transl[:, None]

    @property
    def smpl_45(self) -> np.ndarray:
        """(N, 45, 3) metres, camera frame."""
        return self._posed[1] + self.transl[:, None]

    @property
    def spin_49(self) -> np.ndarray:
        """(N, 49, 3) metres, camera frame."""
        return self._posed[2] + self.transl[:, None]

    @property
    def j24(self) -> np.ndarray:
        """(N, 24, 3) metres, camera frame."""
        return self.spin_49[:, list(J24_IN_SPIN_49)]

    def project(self, points: np.ndarray) -> np.ndarray:
        """Pixels (..., 2) of points (..., 3) in the camera frame."""
        return points[..., :2] / points[..., 2:] * self.K[:2] + self.K[2:]

    # --- pictures
    def draw(self, frame: int) -> np.ndarray:
        """The picture ``frame``: (h, w, 3) uint8."""
        if self.original is not None:
            return np.ascontiguousarray(self.original.draw(frame)[:, ::-1])
        rng = np.random.default_rng(frame)
        img = smooth_background(rng, self.image_size)
        skeletons = self.project(self.smpl_45[self.frame == frame, :24])
        for skeleton in skeletons:
            draw_figure(rng, img, skeleton)
        return img

    def mirrored(self) -> 'Crowd':
        """The crowd in a mirror; needs a body that is symmetric."""
        width = self.image_size[0]
        fx, fy, cx, cy = self.K
        return replace(
            self,
            K=np.array([fx, fy, width - cx, cy]),
            pose=self.pose[:, _FLIP] * [1, -1, -1],
            transl=self.transl * [-1, 1, 1],
            original=self,
        )

    # --- answers
    def answers(self) -> Dict[str, np.ndarray]:
        """What a conversion must find: columns of the unified format."""
        j24 = self.j24
        width, height = self.image_size
        return {
            'img_hw': np.tile([height, width], (len(self), 1)),
            'kp2d': self.project(self.spin_49),
            'kp3d': j24 - j24[:, J24_HIPS].mean(1, keepdims=True),
            'pose': self.pose,
            'betas': self.betas,
            'transl': self.transl,
            'gender': self.gender,
            'K': np.tile(self.K, (len(self), 1)),
            'frame': self.frame,
            'person': self.person,
        }


def make_crowd(
    num_frames: int = 3,
    num_people: int = 2,
    *,
    body_model: str = 'open',
    genders: Sequence[int] = (NEUTRAL,),
    image_size: Tuple[int, int] = (320, 240),
    K: Optional[np.ndarray] = None,
    seed: int = 0,
) -> Crowd:
    """Draw people at random; they stand side by side, upright.

    Args:
        num_frames: Pictures.
        num_people: People in each picture; shapes stay from one to the next.
        body_model: ``'open'`` or a folder of SMPL files.
        genders: Of the people, in turn.
        image_size: (w, h) of the pictures.
        K: Camera; one that shows the people whole if None, with a principal
            point off the centre.
        seed: Of poses, shapes and places.

    Returns:
        Crowd: Sorted by person, then by picture, as videos are.
    """
    rng = np.random.default_rng(seed)
    width, height = image_size
    if K is None:
        focal = _FILL * height * _DEPTH / 1.7
        K = [focal, 1.02 * focal, 0.49 * width, 0.52 * height]
    K = np.array(K, np.float64)
    person, frame = np.divmod(np.arange(num_frames * num_people), num_frames)
    N = len(frame)
    pose = _upright_poses(rng, N)
    across = (person - (num_people - 1) / 2) * 0.9
    transl = np.stack([across, np.full(N, 0.1), np.zeros(N)], 1)
    transl += rng.normal(0, 0.05, (N, 3))
    # As far away as this camera needs to show people whole.
    transl[:, 2] += K[1] * 1.7 / (_FILL * height)
    return Crowd(
        body_model=str(body_model),
        image_size=(width, height),
        K=K,
        frame=frame,
        person=person,
        pose=pose,
        betas=rng.normal(0, 0.7, (num_people, 10))[person],
        gender=np.array(genders)[person % len(genders)],
        transl=transl,
    )


def _upright_poses(rng: np.random.Generator, N: int) -> np.ndarray:
    """(N, 24, 3) poses of people who look anywhere."""
    pose = rng.normal(0, 0.25, (N, 24, 3))
    # SMPL's y points up, the camera's down; nobody stands quite straight.
    yaw = rng.uniform(-np.pi, np.pi, N)[:, None] * [0, 1, 0]
    upright = Rotation.from_rotvec([np.pi, 0, 0])
    tilt = Rotation.from_rotvec(rng.normal(0, 0.1, (N, 3)))
    pose[:, 0] = (tilt * upright * Rotation.from_rotvec(yaw)).as_rotvec()
    return pose
