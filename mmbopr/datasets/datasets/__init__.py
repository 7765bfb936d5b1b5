"""Datasets."""

from .body_mesh_dataset import BodyMeshDataset
from .pw3d_mesh_dataset import PW3DMeshDataset

__all__ = ['BodyMeshDataset', 'PW3DMeshDataset']
