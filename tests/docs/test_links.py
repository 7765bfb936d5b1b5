"""Links lead somewhere, and nothing that can be started is missing."""

import re
from pathlib import Path

import pytest

from mmbopr.cli import main
from mmbopr.testing.documentation import code_blocks

ROOT = Path(__file__).parents[2]
PAGES = sorted(
    page.relative_to(ROOT)
    for pattern in (
        '*.md',
        'docs/*.md',
        'configs/**/*.md',
        'projects/**/*.md',
    )
    for page in ROOT.glob(pattern)
)
_LINK = re.compile(r'\]\(([^)\s]+)\)')
_HOME = 'https://github.com/mmbopr/mmbopr/tree/main/'


def targets(page):
    """Files and headings of this repository that a page links to."""
    for link in _LINK.findall((ROOT / page).read_text(encoding='utf-8')):
        if link.startswith(_HOME):
            yield ROOT, link.removeprefix(_HOME)
        elif '://' not in link and not link.startswith('mailto:'):
            yield (ROOT / page).parent, link


def anchors(page):
    """What the headings of a page can be linked by, as GitHub does."""
    headings = re.findall(r'^#+ (.*)', page.read_text('utf-8'), re.MULTILINE)
    kept = (re.sub(r'[^\w\- ]', '', x.lower()) for x in headings)
    return {x.replace(' ', '-') for x in kept}


@pytest.mark.parametrize('page', PAGES, ids=str)
def test_links_lead_somewhere(page):
    for folder, link in targets(page):
        path, _, heading = link.partition('#')
        target = folder / path if path else ROOT / page
        assert target.exists(), f'{page}: {link}'
        assert not heading or heading in anchors(target), f'{page}: {link}'


@pytest.fixture(scope='module')
def prose():
    return '\n'.join((ROOT / page).read_text('utf-8') for page in PAGES)


def test_every_tool_is_mentioned(prose):
    tools = [
        path.name
        for path in (ROOT / 'tools').rglob('*.*')
        if path.suffix == '.sh'
        or (path.suffix == '.py' and '__main__' in path.read_text('utf-8'))
    ]

    assert len(tools) > 30
    assert [name for name in tools if name not in prose] == []


def test_every_command_is_mentioned(prose, capsys):
    with pytest.raises(SystemExit):
        main(['--help'])
    listed = capsys.readouterr().out
    commands = re.findall(r'^    ([\w-]+)  ', listed, re.MULTILINE)

    assert 'predict' in commands and len(commands) > 5
    assert [x for x in commands if f'mmbopr {x}' not in prose] == []


def test_readme_in_chinese_has_the_same_commands():
    english, chinese = (
        [
            (block.language, block.code, block.before, block.not_run)
            for block in code_blocks(ROOT / name)
        ]
        for name in ('README.md', 'README_zh-CN.md')
    )

    assert chinese == english


def test_readme_in_chinese_links_to_the_same_pages():
    english, chinese = (
        {link for _, link in targets(name)} - {'README_zh-CN.md', 'README.md'}
        for name in ('README.md', 'README_zh-CN.md')
    )

    assert chinese == english
