"""Whether numbers belong to a body model."""

from .body_data import BodyMismatchError
from .smpl import SMPL


def check_body(name: str, body_model_id: str, body_model: SMPL) -> None:
    """Refuse to pose what was predicted on another body.

    Args:
        name: What was predicted, for the message.
        body_model_id: The body that it was predicted on.
        body_model: The body that it is to be posed with.

    Raises:
        BodyMismatchError: If they differ.
    """
    if body_model_id != body_model.body_model_id:
        raise BodyMismatchError(
            f'{name} was predicted with body model {body_model_id!r}, but '
            f'{body_model.body_model_id!r} was given: its shape and pose mean '
            'nothing on another body. Give the one that it was predicted with'
        )
