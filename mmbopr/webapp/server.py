"""Serving the page, without a word to anybody outside."""

import os
from contextlib import contextmanager
from tempfile import TemporaryDirectory
from typing import Iterator, Optional

from mmbopr.utils.packages import need

from .photo_model import PhotoModel

_MAX_UPLOAD = '50mb'


@contextmanager
def serve(
    model: PhotoModel,
    host: str = '127.0.0.1',
    port: Optional[int] = None,
    note: str = '',
) -> Iterator[str]:
    """Serve the page as long as the context lasts.

    Uploads and answers are in a temporary folder, which is the only one that
    files are served from; an hour later, or at the end, they are deleted.
    Photos are answered one after the other, who comes meanwhile waits.

    Args:
        model: What the page asks.
        host: Address to listen at; ``'0.0.0.0'`` lets the neighbours in.
        port: By default the first from 7860 that is free.
        note: Stands below the heading.

    Yields:
        str: Address of the page.

    Raises:
        ImportError: If gradio is not installed.
        OSError: If the port is taken.
    """
    need('gradio', 'the page to try a model')
    # It cannot be imported without gradio.
    from .layout import STYLE, theme
    from .page import build_page

    with _gradio_folder():
        page = build_page(model, note)
        try:
            _, url, _ = page.launch(
                server_name=host,
                server_port=port,
                share=False,
                prevent_thread_lock=True,
                quiet=True,
                max_file_size=_MAX_UPLOAD,
                allowed_paths=[],
                footer_links=[],
                run_history=False,
                ssr_mode=False,
                mcp_server=False,
                theme=theme(),
                css=STYLE,
            )
            yield url
        finally:
            page.close(verbose=False)


@contextmanager
def _gradio_folder() -> Iterator[None]:
    """Let gradio keep its files in a folder that goes away with it."""
    name = 'GRADIO_TEMP_DIR'
    before = os.environ.get(name)
    with TemporaryDirectory(prefix='mmbopr-web-') as folder:
        os.environ[name] = folder
        try:
            yield
        finally:
            del os.environ[name]
            if before is not None:
                os.environ[name] = before
