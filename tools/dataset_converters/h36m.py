r"""Convert Human3.6M.

ROOT holds, of each subject, S1/MyPoseFeatures/{D2_Positions,D3_Positions_mono}
and S1/MySegmentsMat/ground_truth_bb, and in images/ the frames of the videos,
numbered from 1, with spaces in names of actions replaced:

    ffmpeg -i "S1/Videos/Directions 1.54138969.mp4" -qscale:v 2 \
        images/S1_Directions_1.54138969_%06d.jpg

Only every fifth picture (1, 6, 11, ...) is used.

Example:
    python tools/dataset_converters/h36m.py data/h36m --split test \
        --out data/h36m/test.npz
"""

from mmbopr.datasets.converters import H36MConverter
from mmbopr.datasets.converters.command import run_command

if __name__ == '__main__':
    run_command(H36MConverter, __doc__)
