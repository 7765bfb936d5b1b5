"""Packaging of mmbopr; dependencies live in ``requirements/``."""

import re
from pathlib import Path

from setuptools import find_packages, setup

ROOT = Path(__file__).parent


def requirements(name: str) -> list:
    """Lines of ``requirements/NAME.txt`` without comments."""
    lines = (ROOT / 'requirements' / f'{name}.txt').read_text().splitlines()
    return [x.strip() for x in lines if x.strip() and not x.startswith('#')]


version = re.search(
    r"__version__ = '(.+)'", (ROOT / 'mmbopr/version.py').read_text()
).group(1)

setup(
    name='mmbopr',
    version=version,
    description='BoPR human mesh recovery for MMEngine and MMPose',
    long_description=(ROOT / 'README.md').read_text(encoding='utf-8'),
    long_description_content_type='text/markdown',
    license='Apache-2.0',
    packages=find_packages(include=['mmbopr', 'mmbopr.*']),
    package_data={
        'mmbopr': [
            'body_models/*.npz',
            'body_models/*.md',
            'evaluation/tables/*.json',
            'visualization/viewer/*',
            '.mim/**/*',
        ]
    },
    exclude_package_data={'mmbopr': ['.mim/**/__pycache__/*']},
    entry_points={'console_scripts': ['mmbopr = mmbopr.cli:main']},
    python_requires='>=3.10',
    install_requires=requirements('runtime'),
    extras_require={
        name: requirements(name) for name in ('optional', 'tests', 'docs')
    },
)
