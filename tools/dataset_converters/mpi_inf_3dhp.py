r"""Convert MPI-INF-3DHP.

ROOT holds S1/Seq1/{annot.mat,camera.calibration,imageFrames/video_0/*.jpg}
and so on, and mpi_inf_3dhp_test_set/TS1/{annot_data.mat,imageSequence/*.jpg}.
The training pictures are the frames of the videos, numbered from 1:

    mkdir -p imageFrames/video_0 && ffmpeg -i imageSequence/video_0.avi \
        -qscale:v 2 imageFrames/video_0/frame_%06d.jpg

Example:
    python tools/dataset_converters/mpi_inf_3dhp.py data/mpi_inf_3dhp \
        --out data/mpi_inf_3dhp/train.npz
"""

from mmbopr.datasets.converters import MPIINF3DHPConverter
from mmbopr.datasets.converters.command import run_command

if __name__ == '__main__':
    run_command(MPIINF3DHPConverter, __doc__)
