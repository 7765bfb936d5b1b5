"""Sphinx configuration: ``make docs`` builds the site, offline."""

import importlib
import sys
from pathlib import Path

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(Path(__file__).parent))
sys.path.insert(0, str(ROOT))

_version = importlib.import_module('mmbopr.version')

project = 'mmbopr'
author = 'The mmbopr authors'
copyright = author
version = release = _version.__version__

extensions = [
    'myst_parser',
    'sphinx.ext.autodoc',
    'sphinx.ext.napoleon',
    'sphinx.ext.viewcode',
    'generated_pages',
]
myst_enable_extensions = ['dollarmath', 'colon_fence']
myst_heading_anchors = 3
exclude_patterns = ['_build']
html_theme = 'furo'
html_title = 'mmbopr'
html_static_path = []

autodoc_member_order = 'bysource'
autodoc_default_options = {
    'members': True,
    'show-inheritance': True,
}
autodoc_typehints = 'none'
napoleon_use_ivar = True
napoleon_use_rtype = False
napoleon_preprocess_types = False
