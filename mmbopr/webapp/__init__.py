"""A page to try a model on photos, in a browser.

Only :func:`serve` needs gradio, and imports it.
"""

from .photo_model import Answer, PhotoModel
from .server import serve

__all__ = ['Answer', 'PhotoModel', 'serve']
