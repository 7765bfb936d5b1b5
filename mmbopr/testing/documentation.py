"""The commands of a page of documentation, as a reader would type them."""

import re
from dataclasses import dataclass
from itertools import chain
from pathlib import Path
from typing import List, Optional

_FENCE = re.compile(
    r'(?:^<!-- (?P<note>not run: |before:\n)(?P<text>.*?)-->\n+)?'
    r'^```(?P<language>bash|python)\n(?P<code>.*?)^```',
    re.MULTILINE | re.DOTALL,
)
# Files of the repository, by the folders that commands name.
_FILES = re.compile(r'(?<![\w/.])(?:tools|configs|projects|docs)/[\w./{,}-]+')
_BRACES = re.compile(r'\{([^{}]*,[^{}]*)\}')


@dataclass(frozen=True)
class CodeBlock:
    """One fenced block.

    Attributes:
        language: ``bash`` or ``python``.
        code: What stands in it.
        line: Where it begins, from 1.
        before: Shell commands that a test runs first, to put in place what
            the reader has: ``<!-- before: ... -->`` on the lines above.
        not_run: Why a test cannot run it, ``<!-- not run: why -->``; None if
            it is run.
    """

    language: str
    code: str
    line: int
    before: str = ''
    not_run: Optional[str] = None

    @property
    def named_files(self) -> List[str]:
        """Files of the repository that it names, braces expanded."""
        found = (name.rstrip('.,') for name in _FILES.findall(self.code))
        names = set(chain.from_iterable(map(_expand_braces, found)))
        return sorted(name for name in names if '{' not in name)


def _expand_braces(name: str) -> List[str]:
    """What a shell makes of ``a{b,c}``."""
    match = _BRACES.search(name)
    if match is None:
        return [name]
    before, after = name[: match.start()], name[match.end() :]
    choices = (before + part + after for part in match[1].split(','))
    return list(chain.from_iterable(map(_expand_braces, choices)))


def code_blocks(page: Path) -> List[CodeBlock]:
    """The shell and Python blocks of a Markdown page, in order."""
    text = page.read_text(encoding='utf-8')
    blocks = []
    for match in _FENCE.finditer(text):
        note = (match['note'] or '').strip(': \n')
        fence = text.index('```', match.start())
        blocks.append(
            CodeBlock(
                match['language'],
                match['code'],
                text[:fence].count('\n') + 1,
                before=match['text'] if note == 'before' else '',
                not_run=match['text'].strip() if note == 'not run' else None,
            )
        )
    return blocks


def page_script(blocks: List[CodeBlock]) -> str:
    """All blocks of a page in one shell, as one reader runs them.

    Python blocks with no shell between them are one session.  Standard error
    says before each block which line it begins at.
    """
    parts, in_python = ['set -eo pipefail\n'], False
    for block in blocks:
        if block.not_run is not None:
            continue
        is_python = block.language == 'python'
        if in_python and (block.before or not is_python):
            parts.append('PYTHON\n')
            in_python = False
        parts.append(block.before)
        if is_python and not in_python:
            parts.append("python - <<'PYTHON'\nimport sys\n")
            in_python = True
        parts.append(_say_line(block) + block.code)
    return ''.join([*parts, 'PYTHON\n' if in_python else ''])


def _say_line(block: CodeBlock) -> str:
    if block.language == 'python':
        return f'print("@@ line {block.line}", file=sys.stderr)\n'
    return f'echo "@@ line {block.line}" >&2\n'
