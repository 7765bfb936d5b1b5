"""What errors say to somebody who did not write the program."""

import re

# How the error of a data worker comes back: with its traceback as text.
_FROM_WORKER = re.compile(
    r'Caught .*Original Traceback.*\n[\w.]+: (?P<text>.*)', re.DOTALL
)


def error_text(error: Exception) -> str:
    """What went wrong, without numbers of the system and tracebacks.

    Args:
        error: From here or, as torch hands it on, from a data worker.
    """
    if isinstance(error, OSError) and error.filename and error.strerror:
        return f'{error.filename}: {error.strerror}'
    text = str(error)
    match = _FROM_WORKER.fullmatch(text)
    return match['text'].strip() if match else text
