"""Scenes: people and things on the ground, before a camera."""

from dataclasses import dataclass
from typing import List, NamedTuple, Tuple

import numpy as np

from .appearance import Outfit, sample_outfit
from .people import Person
from .props import Prop, make_prop, sample_occluder
from .shading import Lighting, sample_lighting
from .viewpoint import Viewpoint, sample_viewpoint

_NEAREST = 0.4
_TRIES = 20


@dataclass
class PlacedPerson:
    """A person standing in the world.

    Attributes:
        person: Who.
        outfit: Clothes.
        turn: (3, 3) rotation about the vertical.
        position: (3,) of the pelvis in the world, metres.
        radius: Half of the ground the body takes up, metres.
    """

    person: Person
    outfit: Outfit
    turn: np.ndarray
    position: np.ndarray
    radius: float

    def to_world(self, points: np.ndarray) -> np.ndarray:
        """Move points (..., 3) of the upright frame to the world."""
        return points @ self.turn.T + self.position

    @property
    def vertices(self) -> np.ndarray:
        """(V, 3) world frame, metres."""
        return self.to_world(self.person.vertices)


class Scene(NamedTuple):
    """All that a picture shows.

    Attributes:
        viewpoint: The camera.
        people: Standing on the ground.
        props: Likewise.
        lighting: The lights.
    """

    viewpoint: Viewpoint
    people: List[PlacedPerson]
    props: List[Prop]
    lighting: Lighting


def sample_scene(rng: np.random.Generator, people: List[Person]) -> Scene:
    """Place people, a camera and things.

    Args:
        rng: Source of randomness.
        people: The first one is the main subject; others are left out where
            there is no room for them.

    Returns:
        Scene: nobody stands in anybody else.
    """
    turns = [_turn(rng) for _ in people]
    extent = np.ptp(people[0].vertices @ turns[0].T, axis=0)
    viewpoint, distance = sample_viewpoint(rng, (extent[0], extent[1]))
    placed: List[PlacedPerson] = []
    for index, (person, turn) in enumerate(zip(people, turns, strict=True)):
        outfit = sample_outfit(rng)
        spread, reach = (0.07, (1, 1)) if index == 0 else (0.2, (0.75, 1.9))
        for attempt in range(_TRIES):
            column = rng.normal(0.5, spread) * viewpoint.size[0]
            # Farther off there is more room, for the first one always.
            away = distance * rng.uniform(*reach) * 1.04**attempt
            spot = _ground_spot(viewpoint, column, away)
            candidate = _stand(person, outfit, turn, spot)
            if _has_room(candidate, placed, viewpoint):
                placed.append(candidate)
                break
    props = [_seat(rng, p) for p in placed if p.person.sample.seated]
    props += _sample_things(rng, viewpoint, placed)
    return Scene(viewpoint, placed, props, sample_lighting(rng))


def _turn(rng: np.random.Generator) -> np.ndarray:
    """Any heading, mostly towards the camera, as in photographs."""
    yaw = (
        rng.uniform(-np.pi, np.pi)
        if rng.random() < 0.15
        else rng.normal(0, 0.7)
    )
    c, s = np.cos(yaw), np.sin(yaw)
    return np.array([[c, 0, s], [0, 1, 0], [-s, 0, c]])


def _ground_spot(viewpoint, column, distance) -> Tuple[float, float]:
    """World x, z at a distance ahead, seen about an image column."""
    slope = (column - viewpoint.K[2]) / viewpoint.K[0]
    return slope * distance, -distance


def _stand(person, outfit, turn, spot) -> PlacedPerson:
    """Put the lowest point of a person on the ground."""
    lowest = person.vertices[:, 1].min()
    middle = (person.vertices.min(0) + person.vertices.max(0)) / 2
    middle = middle @ turn.T
    position = np.array([spot[0] - middle[0], -lowest, spot[1] - middle[2]])
    extent = np.ptp(person.vertices[:, [0, 2]], axis=0)
    return PlacedPerson(person, outfit, turn, position, extent.max() / 2)


def _has_room(candidate, placed, viewpoint) -> bool:
    depth = viewpoint.to_camera(candidate.vertices)[:, 2].min()
    gaps = (
        np.linalg.norm((candidate.position - other.position)[[0, 2]])
        - 0.75 * (candidate.radius + other.radius)
        for other in placed
    )
    return depth > _NEAREST and all(gap > 0 for gap in gaps)


def _seat(rng, placed: PlacedPerson) -> Prop:
    """A stool below the pelvis, behind the calves."""
    person = placed.person
    near = np.linalg.norm(person.vertices[:, [0, 2]], axis=1) < 0.16
    height = person.vertices[near, 1].min() + placed.position[1] - 0.005
    heading = np.arctan2(placed.turn[0, 2], placed.turn[2, 2])
    middle = placed.to_world(np.array([0.0, 0.0, 0.0]))[[0, 2]]
    shape = ('box', 'post')[rng.integers(2)]
    size = (rng.uniform(0.36, 0.5), max(height, 0.1), 0.36)
    return make_prop(rng, shape, size, tuple(middle), heading)


def _sample_things(rng, viewpoint, placed) -> List[Prop]:
    """Furniture behind the people, and sometimes before one of them."""
    things = []
    for _ in range(rng.integers(0, 3)):
        column = rng.uniform(0, 1) * viewpoint.size[0]
        reach = max(-p.position[2] for p in placed) + rng.uniform(0.6, 2.5)
        spot = _ground_spot(viewpoint, column, reach)
        things.append(sample_occluder(rng, spot))
    if rng.random() < 0.5:
        victim = placed[rng.integers(len(placed))]
        for _ in range(_TRIES):
            share = rng.uniform(0.5, 0.9)
            spot = victim.position[[0, 2]] * share
            spot[0] += rng.normal(0, 0.25)
            prop = sample_occluder(rng, tuple(spot))
            depth = viewpoint.to_camera(prop.vertices)[:, 2].min()
            if depth > _NEAREST and _clear(prop, placed):
                things.append(prop)
                break
    return things


def _clear(prop: Prop, placed: List[PlacedPerson]) -> bool:
    middle = prop.vertices.mean(0)[[0, 2]]
    reach = np.linalg.norm(prop.vertices[:, [0, 2]] - middle, axis=1).max()
    return all(
        np.linalg.norm(p.position[[0, 2]] - middle) > 0.8 * p.radius + reach
        for p in placed
    )
