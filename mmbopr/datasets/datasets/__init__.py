"""Datasets."""

from .body_mesh_dataset import BodyMeshDataset

__all__ = ['BodyMeshDataset']
