"""The packaged body: free to use and to redistribute, not SMPL's mesh.

Made by ``tools/body_models/build_open_body.py``; licence and origin are in
``OPEN_BODY_NOTICE.md``.
"""

from pathlib import Path

import numpy as np

from .body_data import BodyData, check_kintree, cut_betas

OPEN_BODY_PATH = Path(__file__).with_name('open_body.npz')

_ARRAYS = (
    'v_template', 'shapedirs', 'posedirs', 'J_regressor', 'weights',
    'part_labels', 'vertex_joint_ids', 'J_regressor_extra',
    'J_regressor_h36m', 'mirror',
)  # fmt: skip


def load_open_body(num_betas: int = 10) -> BodyData:
    """Read the packaged asset.

    Args:
        num_betas: Shape components to keep.

    Returns:
        BodyData: With ``body_model_id`` 'open-1'.

    Raises:
        ValueError: If it has fewer shape components.
    """
    with np.load(OPEN_BODY_PATH) as asset:
        check_kintree(asset['kintree_table'], OPEN_BODY_PATH.name)
        arrays = {name: asset[name] for name in _ARRAYS}
        body_model_id = str(asset['body_model_id'])
        faces = asset['f']
    for name, array in arrays.items():
        if array.dtype == np.float16:
            arrays[name] = array.astype(np.float32)
    arrays['shapedirs'] = cut_betas(
        arrays['shapedirs'], num_betas, OPEN_BODY_PATH.name
    )
    body = BodyData(body_model_id=body_model_id, faces=faces, **arrays)
    return body.check(OPEN_BODY_PATH.name)
