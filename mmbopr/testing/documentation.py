"""The commands of a page of documentation, as a reader would type them."""

import re
from dataclasses import dataclass
from pathlib import Path
from typing import List, Optional

_FENCE = re.compile(
    r'(?:^<!-- (?P<note>not run: |before:\n)(?P<text>.*?)-->\n+)?'
    r'^```(?P<language>bash|python)\n(?P<code>.*?)^```',
    re.MULTILINE | re.DOTALL,
)
# Files of the repository, by the folders that commands name.
_FILES = re.compile(r'(?<![\w/.])(?:tools|configs|projects|docs)/[\w./-]+')


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
    def script(self) -> str:
        """The block as a shell script, with what goes before it."""
        if self.language == 'python':
            return f"{self.before}python - <<'PYTHON'\n{self.code}PYTHON\n"
        return self.before + self.code

    @property
    def named_files(self) -> List[str]:
        """Files of the repository that it names; braces are not expanded."""
        names = {name.rstrip('.') for name in _FILES.findall(self.code)}
        return sorted(name for name in names if '{' not in name)


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

    Standard error says before each block which line it begins at.
    """
    parts = ['set -eo pipefail\n']
    for block in blocks:
        if block.not_run is None:
            parts.append(f'echo "@@ line {block.line}" >&2\n{block.script}')
    return ''.join(parts)
