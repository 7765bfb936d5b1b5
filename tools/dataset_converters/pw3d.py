"""Convert 3DPW.

ROOT holds sequenceFiles/{train,validation,test}/*.pkl and
imageFiles/SEQUENCE/image_*.jpg, as unpacked.

Example:
    python tools/dataset_converters/pw3d.py data/3dpw --out data/3dpw/all.npz
"""

from mmbopr.datasets.converters import PW3DConverter
from mmbopr.datasets.converters.command import run_command

if __name__ == '__main__':
    run_command(PW3DConverter, __doc__)
