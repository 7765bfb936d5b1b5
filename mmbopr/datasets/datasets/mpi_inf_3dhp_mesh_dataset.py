"""MPI-INF-3DHP."""

from mmbopr.registry import DATASETS

from .official_mesh_dataset import OfficialMeshDataset


@DATASETS.register_module()
class MPIINF3DHPMeshDataset(OfficialMeshDataset):
    """MPI-INF-3DHP: 17 joints in 2D and 3D, no bodies.

    Args:
        ann_file: What ``tools/dataset_converters/mpi_inf_3dhp.py`` wrote.
        *args: See :class:`OfficialMeshDataset`.
        **kwargs: See :class:`OfficialMeshDataset`.
    """

    NAME = 'mpi_inf_3dhp'
