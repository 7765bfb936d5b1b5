"""How the network's camera (s, tx, ty) places a body before a crop."""

from .base_camera import BaseCamera
from .crop_camera import CropCamera
from .full_image_camera import FullImageCamera

__all__ = ['BaseCamera', 'CropCamera', 'FullImageCamera']
