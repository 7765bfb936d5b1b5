"""Convert 3DOH50K.

ROOT holds trainset/ and testset/, each with annots.json and images/.

Example:
    python tools/dataset_converters/oh50k3d.py data/3doh50k --split test \
        --out data/3doh50k/test.npz
"""

from mmbopr.datasets.converters import OH50K3DConverter
from mmbopr.datasets.converters.command import run_command

if __name__ == '__main__':
    run_command(OH50K3DConverter, __doc__)
