"""Software renderer, visualizer and report pages."""

from .colors import part_colors, person_colors
from .heatmaps import draw_heatmap, draw_part_attention
from .mesh_visualizer import MeshLocalVisualizer
from .renderer import render_meshes, render_side_view

__all__ = [
    'MeshLocalVisualizer',
    'draw_heatmap',
    'draw_part_attention',
    'part_colors',
    'person_colors',
    'render_meshes',
    'render_side_view',
]
