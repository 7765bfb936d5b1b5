"""Convert BEDLAM.

ROOT holds, for each scene, processed_labels/SCENE.npz, which BEDLAM's script
df_full_body_smpl.py writes, and the pictures in images/SCENE/png/.

Example:
    python tools/dataset_converters/bedlam.py data/bedlam \
        --out data/bedlam/train.npz
"""

from mmbopr.datasets.converters import BEDLAMConverter
from mmbopr.datasets.converters.command import run_command

if __name__ == '__main__':
    run_command(BEDLAMConverter, __doc__)
