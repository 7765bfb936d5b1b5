"""Clothes, skin and hair, painted in the body's rest space.

The body has no texture coordinates; a colour is a function of where a surface
point lies on the template in T-pose, its part, and the outfit.
"""

from dataclasses import dataclass

import cv2
import numpy as np

from .rest_space import RestSpace

SKIN, TOP, BOTTOM, SHOES, HAIR, HANDWEAR = range(6)
# BGR, from fair to dark.
_SKIN_TONES = np.array(
    [[180, 205, 240], [150, 180, 225], [125, 160, 210], [95, 130, 180],
     [65, 95, 145], [45, 65, 100], [35, 48, 75]], np.float32,
)  # fmt: skip
_HAIR_TONES = np.array(
    [[18, 18, 22], [30, 35, 45], [35, 55, 85], [60, 105, 150],
     [110, 165, 205], [40, 60, 130], [150, 150, 155]], np.float32,
)  # fmt: skip
_LEG_PARTS = (1, 2, 4, 5, 7, 8)
_ARM_PARTS = (16, 17, 18, 19, 20, 21)
_TRUNK_PARTS = (0, 3, 6, 9, 13, 14)
_FOOT_PARTS = (7, 8, 10, 11)


@dataclass(frozen=True)
class Outfit:
    """What somebody wears; lengths are fractions along the limb.

    Attributes:
        colours: (6, 3) BGR of skin, top, bottom, shoes, hair, gloves.
        seconds: (6, 3) BGR of the patterns.
        patterns: (6,) 0 plain, 1-2 stripes, 3 checks, 4 dots.
        frequency: (6,) of the patterns, radians per metre.
        sleeve: 0 shoulder to 1 wrist.
        hem: 0 hip to 1 ankle.
        shirt: How far the top reaches below the waist, metres.
        neckline: Depth of the neckline, metres.
        hair: 'bald', 'short' or 'long'.
        boot: Height of the shoe above the ankle, metres.
        bulk: Thickness of the clothes, metres.
    """

    colours: np.ndarray
    seconds: np.ndarray
    patterns: np.ndarray
    frequency: np.ndarray
    sleeve: float
    hem: float
    shirt: float
    neckline: float
    hair: str
    boot: float
    bulk: float


def _fabric(rng: np.random.Generator) -> np.ndarray:
    """A colour of cloth: mostly muted, often dark or pale."""
    value = rng.choice([rng.uniform(25, 90), rng.uniform(70, 245)])
    hsv = [[[rng.uniform(0, 180), 255 * rng.beta(1.2, 2), value]]]
    return cv2.cvtColor(np.uint8(hsv), cv2.COLOR_HSV2BGR)[0, 0]


def sample_outfit(rng: np.random.Generator) -> Outfit:
    """Draw an outfit."""
    skin = _SKIN_TONES[rng.integers(len(_SKIN_TONES))] * rng.uniform(0.9, 1.1)
    colours = np.stack([skin, *(_fabric(rng) for _ in range(5))])
    colours[HAIR] = _HAIR_TONES[rng.integers(len(_HAIR_TONES))]
    if rng.random() < 0.12:  # a woollen hat
        colours[HAIR] = _fabric(rng)
    if rng.random() < 0.9:  # no gloves
        colours[HANDWEAR] = skin
    patterns = rng.choice(5, 6, p=(0.5, 0.16, 0.08, 0.14, 0.12))
    patterns[[SKIN, SHOES, HAIR, HANDWEAR]] = 0
    return Outfit(
        colours=colours.astype(np.float32),
        seconds=np.stack([_fabric(rng) for _ in range(6)]).astype('f4'),
        patterns=patterns,
        frequency=rng.uniform(40, 160, 6),
        sleeve=rng.choice([-0.1, 0.3, 0.45, 0.7, 0.96, 0.96]),
        hem=rng.choice([0.25, 0.45, 0.75, 1.0, 1.0, 1.0]),
        shirt=rng.choice([0.0, 0.03, 0.06, 0.16, 0.45], p=(
            0.25, 0.25, 0.25, 0.15, 0.1)),
        neckline=rng.uniform(0.0, 0.07),
        hair=str(rng.choice(['bald', 'short', 'long'], p=(0.07, 0.58, 0.35))),
        boot=rng.choice([0.02, 0.04, 0.14], p=(0.4, 0.4, 0.2)),
        bulk=rng.uniform(0.002, 0.012),
    )  # fmt: skip


def regions(
    points: np.ndarray, parts: np.ndarray, outfit: Outfit, rest: RestSpace
) -> np.ndarray:
    """What covers each surface point.

    Args:
        points: (n, 3) rest-space positions, metres.
        parts: (n,) part labels.
        outfit: The clothes.
        rest: The template.

    Returns:
        np.ndarray: (n,) region index, ``SKIN`` ... ``HANDWEAR``.
    """
    mark = rest.landmarks
    x, y = np.abs(points[:, 0]), points[:, 1]
    of = _membership(parts)
    hip, ankle = mark['left_hip'][1], mark['left_ankle'][1]
    waist = mark['spine1'][1] + 0.02
    sleeve = _between(mark, 'shoulder', 'wrist', outfit.sleeve, 0)
    hem = hip + outfit.hem * (ankle - hip)
    neck = mark['neck'][1] - 0.01 - outfit.neckline * (x < 0.09)
    out = np.full(len(points), SKIN)
    out[of((*_LEG_PARTS, 0, 3)) & (y < waist) & (y > hem)] = BOTTOM
    shirt = of(_TRUNK_PARTS + _LEG_PARTS[:2]) & (y > waist - outfit.shirt)
    shirt &= (y < neck) | (x > 0.1)
    out[shirt & (x < sleeve) | of(_ARM_PARTS) & (x < sleeve)] = TOP
    out[of((12,)) & (y < neck)] = TOP
    out[of(_FOOT_PARTS) & (y < ankle + outfit.boot)] = SHOES
    out[of((22, 23))] = HANDWEAR
    out[of((9, 12, 15)) & _hair(points, outfit, mark)] = HAIR
    return out


def _membership(parts):
    def of(chosen):
        table = np.zeros(24, bool)
        table[list(chosen)] = True
        return table[parts]

    return of


def _between(mark, start, end, share, axis):
    start, end = mark[f'left_{start}'][axis], mark[f'left_{end}'][axis]
    return start + share * (end - start)


def _hair(points, outfit, mark) -> np.ndarray:
    """Above the line from the forehead to the nape, or down the back."""
    if outfit.hair == 'bald':
        return np.zeros(len(points), bool)
    x, y, z = points.T
    eye, ear, neck = mark['left_eye'], mark['left_ear'], mark['neck']
    front, back = (eye[2], eye[1] + 0.05), (neck[2] - 0.06, neck[1] + 0.06)
    slope = (front[1] - back[1]) / (front[0] - back[0])
    fringe = 0.006 * np.sin(x * 180) + 0.004 * np.sin(z * 250)
    hair = y > front[1] + slope * (z - front[0]) + fringe
    hair &= y > back[1]
    # Ears and temples stay bare.
    hair &= (y > ear[1] + 0.035) | (z < ear[2] - 0.012) | (np.abs(x) < 0.05)
    if outfit.hair == 'long':
        hair |= (z < ear[2] - 0.01 + fringe) & (y > neck[1] - 0.06)
        hair |= (y > eye[1] + 0.02) & (z < ear[2] + 0.04)
    return hair


def dress(
    vertices: np.ndarray,
    normals: np.ndarray,
    outfit: Outfit,
    rest: RestSpace,
) -> np.ndarray:
    """Push the surface (V, 3) out along its normals under cloth and hair."""
    region = regions(rest.vertices, rest.parts, outfit, rest)
    depth = np.zeros(6, np.float32)
    depth[[TOP, BOTTOM, SHOES]] = outfit.bulk, outfit.bulk, 0.004
    depth[HAIR] = 0.018 if outfit.hair == 'long' else 0.01
    return vertices + normals * depth[region][:, None]


def paint(
    points: np.ndarray, parts: np.ndarray, outfit: Outfit, rest: RestSpace
) -> np.ndarray:
    """Colour surface points.

    Args:
        points: (n, 3) rest-space positions, metres.
        parts: (n,) part labels.
        outfit: The clothes.
        rest: The template.

    Returns:
        np.ndarray: (n, 3) float32 BGR.
    """
    region = regions(points, parts, outfit, rest)
    colour = outfit.colours[region]
    for cloth in (TOP, BOTTOM):
        if outfit.patterns[cloth]:
            chosen = np.flatnonzero(region == cloth)
            marked = _pattern(
                points[chosen],
                outfit.patterns[cloth],
                outfit.frequency[cloth],
            )
            colour[chosen[marked]] = outfit.seconds[cloth]
    strands = np.flatnonzero(region == HAIR)
    wave = np.sin(points[strands] @ np.float32([500, 60, 350]))
    colour[strands] *= (1 + 0.08 * wave)[:, None]
    _paint_face(colour, points, parts, region, outfit, rest)
    return colour


def _pattern(points: np.ndarray, kind: int, frequency: float) -> np.ndarray:
    wave = np.sin(points * np.float32(frequency))
    if kind == 1:
        return wave[:, 1] > 0.3
    if kind == 2:
        return wave[:, 0] > 0.3
    if kind == 3:
        return (wave[:, 0] > 0) ^ (wave[:, 1] > 0)
    return wave.prod(1) > 0.25


def _paint_face(colour, points, parts, region, outfit, rest) -> None:
    """Eyes, brows and mouth, in place."""
    mark = rest.landmarks
    face = (parts == 15) & (region == SKIN)
    face &= points[:, 2] > mark['left_ear'][2] + 0.02
    face = np.flatnonzero(face)
    x, y = np.abs(points[face, 0]), points[face, 1]
    eye, nose = mark['left_eye'], mark['nose']
    dx, dy = x - abs(eye[0]), y - eye[1]
    skin = outfit.colours[SKIN]
    brow = (np.abs(dx) < 0.02) & (np.abs(dy - 0.024) < 0.005)
    mouth_y = nose[1] - 0.36 * (eye[1] - nose[1]) - 0.022
    mouth = (x < 0.024) & (np.abs(y - mouth_y) < 0.006)
    colour[face[brow]] = 0.35 * skin
    colour[face[mouth]] = skin * np.float32([0.62, 0.6, 0.82])
    colour[face[(dx / 0.016) ** 2 + (dy / 0.008) ** 2 < 1]] = 225
    colour[face[dx**2 + dy**2 < 0.0065**2]] = (30, 30, 35)
