"""Software renderer, pictures and pages of results, visualizer."""

from .attention_maps import AttentionMaps, gather_attention
from .boxes import draw_boxes
from .colors import part_colors, person_colors, track_colors
from .heatmaps import draw_heatmap, draw_part_attention
from .mesh_visualizer import MeshLocalVisualizer
from .overlay import draw_overlay, draw_side_view, draw_top_view
from .renderer import render_meshes
from .result_picture import draw_result
from .skeleton import draw_skeleton
from .view_files import view_results
from .viewer_page import write_viewer_page
from .views import render_side_view, render_top_view

__all__ = [
    'AttentionMaps',
    'MeshLocalVisualizer',
    'draw_boxes',
    'draw_heatmap',
    'draw_overlay',
    'draw_part_attention',
    'draw_result',
    'draw_side_view',
    'draw_skeleton',
    'draw_top_view',
    'gather_attention',
    'part_colors',
    'person_colors',
    'render_meshes',
    'render_side_view',
    'render_top_view',
    'track_colors',
    'view_results',
    'write_viewer_page',
]
