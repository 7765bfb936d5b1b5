"""What all evaluation protocols share."""

from dataclasses import asdict, dataclass
from typing import (
    Any,
    ClassVar,
    Collection,
    Dict,
    NamedTuple,
    Optional,
    Sequence,
    Tuple,
)

import numpy as np
from torch import Tensor, nn

from mmbopr.structures import JOINT_SETS, JointSet
from mmbopr.utils.sequences import sequence_stem

from ..functional import coincident, procrustes_distances

# Name of a root -> the joints whose mean it is.
ROOTS = {'pelvis': ('pelvis',), 'mid_hip': ('left_hip', 'right_hip')}
# Joint set that both bodies are regressed to -> where predictions keep it.
PREDICTED_JOINTS = {'h36m_17': 'joints_h36m', 'smpl_24': 'joints'}


class Body(NamedTuple):
    """What a protocol compares of a batch.

    Attributes:
        joints: (N, J, 3) metres, camera axes, relative to the root; None if
            unknown.
        vertices: (N, V, 3) metres, camera axes, aligned as the protocol
            wants them; None if they are not compared.
    """

    joints: Optional[Tensor] = None
    vertices: Optional[Tensor] = None


class ProtocolError(ValueError):
    """A protocol is unknown, or cannot be followed with these samples."""


def choose(key: str, value: str, choices: Collection[str]) -> None:
    """Refuse a setting that is none of the choices."""
    if value not in choices:
        raise ProtocolError(
            f'protocol: {key} must be one of {sorted(choices)}, found '
            f'{value!r}'
        )


def root_of(joints: Tensor, source: JointSet, name: str) -> Tensor:
    """(N, 1, 3) position of a root among joints of a set."""
    roots = [source.names.index(joint) for joint in ROOTS[name]]
    return joints[:, roots].mean(1, keepdim=True)


@dataclass(frozen=True)
class EvaluationProtocol:
    """How predictions are scored; subclasses say against what.

    Attributes:
        name: Of the benchmark, '' for an evaluation of one's own.
        joint_set: Joints that are compared, a key of ``JOINT_SETS``.
        regressor: Joint set that ``joint_set`` and root are taken from:
            ``'h36m_17'``, regressed from the vertices, or ``'smpl_24'``, of
            the kinematic tree.
        root: Origin of the joints: ``'pelvis'`` (SPIN, PARE) or
            ``'mid_hip'`` (BEDLAM, AGORA).
        bbox_source: Where the boxes come from. Declared, not checked.
        bbox_scale: Their enlargement. Declared, not checked.
        sequences: First two words, joined by ``_``, of the names of all
            sequences that belong to the benchmark; empty if all do.
        expected_count: Number of samples of the benchmark, if it is known.
    """

    name: str = ''
    joint_set: str = 'lsp_14'
    regressor: str = 'h36m_17'
    root: str = 'pelvis'
    bbox_source: Optional[str] = None
    bbox_scale: Optional[float] = None
    sequences: Tuple[str, ...] = ()
    expected_count: Optional[int] = None

    # What the truth is made of, the labels that takes, and what to call it.
    gt_source: ClassVar[str]
    label_keys: ClassVar[Tuple[str, ...]] = ()
    truth_words: ClassVar[str] = ''

    def __post_init__(self) -> None:
        choose('joint_set', self.joint_set, JOINT_SETS)
        choose('regressor', self.regressor, PREDICTED_JOINTS)
        choose('root', self.root, ROOTS)
        JOINT_SETS[self.joint_set].indices_in(JOINT_SETS[self.regressor])
        # Configs hold lists.
        object.__setattr__(self, 'sequences', tuple(self.sequences))

    def facts(self) -> Dict[str, Any]:
        """All that is set, JSON-able, for the dump."""
        facts = {k: v for k, v in asdict(self).items() if v not in (None, '')}
        facts['sequences'] = list(self.sequences) or 'all'
        return {**facts, 'gt_source': self.gt_source, 'unit': 'mm'}

    def check_sequences(self, names: Sequence[str]) -> None:
        """Refuse samples of sequences that are not of the benchmark.

        Args:
            names: Names of the samples' sequences.
        """
        if not self.sequences:
            return
        stems = set(map(sequence_stem, names))
        foreign = sorted(stems - set(self.sequences))
        if foreign:
            raise ProtocolError(
                f'protocol {self.name!r}: sequences {foreign} are not part of '
                f'it, only {list(self.sequences)} are; convert this subset of '
                'the data set'
            )

    def check_count(
        self, count: int, acknowledged: Optional[int] = None
    ) -> None:
        """Refuse a number of samples that is not the benchmark's.

        Args:
            count: Number of samples scored.
            acknowledged: Another number that the user knows about.
        """
        if self.expected_count in (None, count) or acknowledged == count:
            return
        raise ProtocolError(
            f'protocol {self.name!r}: expected {self.expected_count} samples, '
            f'found {count}: the numbers compare with no published ones. '
            'Convert the data set again, or say that you know about the '
            f'difference: acknowledged_count={count}'
        )

    def body(self, vertices: Tensor, joints: Tensor) -> Body:
        """Bring a posed body to the form that is compared.

        Args:
            vertices: (N, V, 3) metres, camera axes, from the model's origin.
            joints: (N, K, 3) of :attr:`regressor`, likewise.
        """
        return Body(self.take_joints(joints, JOINT_SETS[self.regressor]))

    def take_joints(self, joints: Tensor, source: JointSet) -> Tensor:
        """(N, J, 3) root-aligned joints to compare, from those of a set."""
        picks = list(JOINT_SETS[self.joint_set].indices_in(source))
        return joints[:, picks] - root_of(joints, source, self.root)

    def labelled(self, labels: Dict[str, Tensor]) -> np.ndarray:
        """(N,) bool, which rows of a batch have what :meth:`truth` needs."""
        raise NotImplementedError

    def truth(self, body_model: nn.Module, labels: Dict[str, Tensor]) -> Body:
        """The ground truth of a batch.

        Args:
            body_model: A ``GenderedSMPL``, on the device of the labels.
            labels: (N, ...) each of :attr:`label_keys`.
        """
        raise NotImplementedError

    def measure(self, pred: Body, truth: Body) -> Dict[str, np.ndarray]:
        """Errors of a batch, under the names that the dump has for them.

        Args:
            pred: What :meth:`body` returned for the prediction.
            truth: What :meth:`truth` returned.

        Returns:
            dict[str, np.ndarray]: ``joint_errors`` (N, J, 3),
            ``joint_errors_pa`` (N, J), ``vertex_errors`` and
            ``vertex_errors_pa`` (N,) in metres, NaN where nothing is
            compared; ``degenerate`` (N,) bool, whether the predicted joints
            all coincide.
        """
        joints = pred.joints.double().cpu().numpy()
        target = truth.joints.double().cpu().numpy()
        aligned = procrustes_distances(joints, target)
        unknown = np.full(len(joints), np.nan, np.float32)
        return dict(
            joint_errors=(joints - target).astype(np.float32),
            joint_errors_pa=aligned.astype(np.float32),
            vertex_errors=unknown,
            vertex_errors_pa=unknown,
            degenerate=coincident(joints),
        )
