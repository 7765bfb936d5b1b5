"""Files of people in COCO's format, entry by entry."""

import json
from pathlib import Path
from typing import Any, Dict, List, NamedTuple, Optional, Union


class CocoEntries(NamedTuple):
    """People of pictures.

    Attributes:
        people: Entries as they stand in the file, by the picture's name
            without folder.
        all_pictures: Whether the file names pictures without anybody, too.
    """

    people: Dict[str, List[Dict[str, Any]]]
    all_pictures: bool


def read_coco_entries(path: Union[str, Path]) -> CocoEntries:
    """Read annotations (``images`` and ``annotations``) or a list of results.

    Args:
        path: The file; an entry of a list names its picture in ``file_name``
            or ``image_id``.

    Raises:
        FileNotFoundError: If there is no such file.
        ValueError: If it is no such file, or an entry lacks the name of its
            picture or its box, naming the entry.
    """
    try:
        content = json.loads(Path(path).read_text('utf-8'))
    except ValueError as error:
        raise ValueError(f'{path}: no JSON file ({error})') from error
    people: Dict[str, List[Dict[str, Any]]] = {}
    names = None
    if isinstance(content, dict):
        if not {'images', 'annotations'} <= content.keys():
            raise ValueError(
                f"{path}: expected COCO's images and annotations, or a list "
                f'of results, found keys {sorted(content)[:8]}'
            )
        names = {x['id']: x['file_name'] for x in content['images']}
        people = {Path(name).name: [] for name in names.values()}
        content = content['annotations']
    for number, entry in enumerate(content):
        name = _name_of(entry, names)
        box = entry.get('bbox', ())
        if name is None or len(box) != 4:
            raise ValueError(
                f'{path}: entry {number} must have the name of its picture '
                f'and a bbox [x, y, w, h], found {str(entry)[:200]}'
            )
        people.setdefault(name, []).append(entry)
    return CocoEntries(people, names is not None)


def _name_of(
    entry: Dict[str, Any], names: Optional[Dict[Any, str]]
) -> Optional[str]:
    if names is not None:
        name = names.get(entry.get('image_id'))
    else:
        name = entry.get('file_name', entry.get('image_id'))
    return Path(name).name if isinstance(name, str) else None
