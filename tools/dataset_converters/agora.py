"""Convert AGORA, SMPL version.

ROOT holds the camera dataframes for SMPL (train_0_withjv.pkl, ...), the
pictures in either resolution, both in any folder, and the fits in smpl_gt/.

Example:
    python tools/dataset_converters/agora.py data/agora --split validation \
        --out data/agora/validation.npz
"""

from mmbopr.datasets.converters import AGORAConverter
from mmbopr.datasets.converters.command import run_command

if __name__ == '__main__':
    run_command(AGORAConverter, __doc__)
