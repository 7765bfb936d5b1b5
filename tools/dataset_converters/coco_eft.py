"""Convert COCO 2014 with the bodies of EFT.

ROOT holds EFT's json files in eft_fit/ and the pictures in train2014 or
val2014.

Example:
    python tools/dataset_converters/coco_eft.py data/coco \
        --out data/coco/eft_train.npz
"""

from mmbopr.datasets.converters import CocoEFTConverter
from mmbopr.datasets.converters.command import run_command

if __name__ == '__main__':
    run_command(CocoEFTConverter, __doc__)
