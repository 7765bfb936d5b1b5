"""Convert MPII with the bodies of EFT.

ROOT holds EFT's json files in eft_fit/ and the pictures in images.

Example:
    python tools/dataset_converters/mpii_eft.py data/mpii \
        --out data/mpii/eft_train.npz
"""

from mmbopr.datasets.converters import MPIIEFTConverter
from mmbopr.datasets.converters.command import run_command

if __name__ == '__main__':
    run_command(MPIIEFTConverter, __doc__)
