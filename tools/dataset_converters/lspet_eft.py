"""Convert LSP extended with the bodies of EFT.

ROOT holds EFT's json files in eft_fit/ and the pictures in hr-lspet.

Example:
    python tools/dataset_converters/lspet_eft.py data/lspet \
        --out data/lspet/eft_train.npz
"""

from mmbopr.datasets.converters import LSPETEFTConverter
from mmbopr.datasets.converters.command import run_command

if __name__ == '__main__':
    run_command(LSPETEFTConverter, __doc__)
