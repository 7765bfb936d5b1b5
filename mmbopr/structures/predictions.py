"""What flows between the parts of a model, as typed tuples of tensors.

Note: N: batch size, K: 24 parts, C: channels, H, W: feature map size.
"""

from typing import NamedTuple, Optional

from torch import Tensor


class MissingFeatureError(ValueError):
    """What is asked for needs a feature that this model's neck lacks."""


class AGEFeatures(NamedTuple):
    """Output of an attention-guided encoder (paper section 3.2).

    Attributes:
        part_query_feats: F_pqf (N, K, C'').
        body_ref_feat: F_brf (N, C + C').
        part_logits: Att_part (N, K + 1, H, W) before the softmax; channel 0
            is the background.
        body_logits: Att_body (N, 1, H, W) before the softmax.
        aux_keypoints_2d: (N, 24, 2) J24, normalised crop coordinates.
        aux_keypoints_3d: (N, 24, 3) J24, metres, camera axes.
    """

    part_query_feats: Tensor
    body_ref_feat: Tensor
    part_logits: Tensor
    body_logits: Tensor
    aux_keypoints_2d: Tensor
    aux_keypoints_3d: Tensor


class PAREFeatures(NamedTuple):
    """Output of PARE's neck.

    Attributes:
        part_query_feats: (N, K, C'') appearance of each part.
        part_logits: (N, K + 1, H, W) part attention before the softmax;
            channel 0 is the background.
    """

    part_query_feats: Tensor
    part_logits: Tensor


class CropContext(NamedTuple):
    """What is known of a batch of crops beside their pixels.

    Attributes:
        bbox: (N, 4) centre x, y, width and height of what a crop shows, in
            pixels of the full image; of a turned crop, in the image turned
            likewise about its principal point.
        K: (N, 4) intrinsics (fx, fy, cx, cy) of the full image in pixels.
        keypoint_prompts: (N, 17, 3) COCO-17 key points that the network may
            be told, in normalised crop coordinates with the confidence last;
            0 means not given.
    """

    bbox: Tensor
    K: Tensor
    keypoint_prompts: Tensor


class MeshPrediction(NamedTuple):
    """Output of a mesh head.

    Attributes:
        pose_rotmat: theta as (N, K, 3, 3) rotation matrices; the root is in
            the camera frame.
        betas: beta (N, 10).
        cam: (N, 3) crop camera (s, tx, ty), see ``utils.camera``.
        rel_depth: RD (N, K, 3) in metres: signed distances to the frontal,
            side and cross-section planes of the torso; None from heads
            without it.
    """

    pose_rotmat: Tensor
    betas: Tensor
    cam: Tensor
    rel_depth: Optional[Tensor] = None

    def float(self) -> 'MeshPrediction':
        """The same in single precision, as body models need it."""
        return MeshPrediction(
            *(None if x is None else x.float() for x in self)
        )


class BodyTargets(NamedTuple):
    """Ground truth of one batch, made on the device.

    Attributes:
        keypoints_2d: (N, 24, 3) J24 in [-1, 1] crop coordinates, confidence.
        keypoints_3d: (N, 24, 4) J24 in metres, mid-hip centred, camera axes,
            confidence.
        pose_rotmat: (N, K, 3, 3).
        betas: (N, 10).
        rel_depth: (N, K, 3) metres.
        part_map: (N, H, W) long, 0 background, k + 1 part k.
        has_keypoints_3d, has_smpl, has_betas, has_rel_depth,
        has_segmentation: (N,) bool, which rows each term may use.
    """

    keypoints_2d: Tensor
    keypoints_3d: Tensor
    pose_rotmat: Tensor
    betas: Tensor
    rel_depth: Tensor
    part_map: Tensor
    has_keypoints_3d: Tensor
    has_smpl: Tensor
    has_betas: Tensor
    has_rel_depth: Tensor
    has_segmentation: Tensor
