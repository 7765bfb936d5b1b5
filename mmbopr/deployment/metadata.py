"""What an exported file says of itself."""

import json
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Dict, List, Tuple

from mmengine.config import Config

from mmbopr.engine.config_model import find_input_size

FORMAT = 'mmbopr-export-1'
# Key of the metadata in an ONNX file; in a .pt2 the name of an extra file.
METADATA_KEY = 'mmbopr'


class DeploymentError(ValueError):
    """A model cannot be exported, or an exported file cannot be used."""


@dataclass(frozen=True)
class ExportMetadata:
    """Facts that a user of an exported file needs.

    Attributes:
        config: Name of the config.
        checkpoint: Name of the file with the weights; None if random.
        body_model_id: The body model that ``betas`` belong to.
        input_size: (w, h) of the crops in pixels.
        preprocessing: ``mean``, ``std`` and ``bgr_to_rgb`` that the file
            applies itself, to BGR pixels from 0 to 255.
        inputs: Names of the inputs.
        outputs: Names of the outputs.
        part_names: Of the 24 rotations in ``pose_rotmat``.
        joint_names: Of the 45 ``joints``.
        cfg: What of the config is needed beside the file: default scope,
            model and test pipeline.
        licence: Whose data the file contains.
        mmbopr_version: Who wrote it.
        format: Of this metadata.
    """

    config: str
    checkpoint: str | None
    body_model_id: str
    input_size: Tuple[int, int]
    preprocessing: Dict[str, Any]
    inputs: List[str]
    outputs: List[str]
    part_names: List[str]
    joint_names: List[str]
    cfg: Dict[str, Any]
    licence: str
    mmbopr_version: str
    format: str = FORMAT

    def to_json(self) -> str:
        """As it stands in the file."""
        return json.dumps(asdict(self))

    @classmethod
    def from_json(cls, text: str | None, path: Path) -> 'ExportMetadata':
        """Read what :meth:`to_json` wrote.

        Args:
            text: None if the file holds none.
            path: The file, for the error.

        Raises:
            DeploymentError: If it is of no export of ours.
        """
        facts = json.loads(text) if text else {}
        if facts.get('format') != FORMAT:
            raise DeploymentError(
                f'{path} has no metadata of format {FORMAT!r}, found '
                f'{facts.get("format")!r}: export the model by '
                'tools/deployment/export_model.py of this version'
            )
        facts['input_size'] = tuple(facts['input_size'])
        return cls(**facts)

    def check(self, cfg: Config, body_model_id: str, path: Path) -> None:
        """Refuse a config that the file was not made for.

        Args:
            cfg: With the test pipeline that cuts the crops.
            body_model_id: Of the config's body model.
            path: The file, for the error.

        Raises:
            ConfigError: If the test pipeline cuts no crops.
            DeploymentError: If crops or bodies differ.
        """
        ours = dict(
            input_size=find_input_size(cfg, 'test'),
            body_model_id=body_model_id,
        )
        for key, value in ours.items():
            theirs = getattr(self, key)
            if value != theirs:
                raise DeploymentError(
                    f'{path} was exported from {self.config} with {key} '
                    f'{theirs!r}, but {cfg.filename} has {value!r}: use the '
                    'config that it was exported from, or export it again'
                )
