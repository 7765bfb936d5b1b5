"""Plays a BVH by the letter of the format, knowing nothing of SMPL."""

import numpy as np


def read_bvh(path):
    """Frame time, and positions (T, 3) by joint name."""
    words = iter(path.read_text().split())
    assert next(words) == 'HIERARCHY'
    joints, channels = _read_hierarchy(words)
    assert next(words) == 'Frames:'
    count = int(next(words))
    assert (next(words), next(words)) == ('Frame', 'Time:')
    frame_time = float(next(words))
    rows = np.array([float(word) for word in words])
    rows = rows.reshape(count, len(channels))
    values = {key: rows[:, i] for i, key in enumerate(channels)}
    matrices = {}
    for name, parent, offset in joints:
        local = _move(np.tile(offset, (count, 1)))
        for key in channels:
            if key[0] == name:
                local = local @ _channel_matrix(key[1], values[key])
        above = matrices[parent] if parent else np.eye(4)
        matrices[name] = above @ local
    return frame_time, {k: m[:, :3, 3] for k, m in matrices.items()}


def _read_hierarchy(words):
    """(name, parent, offset) of joints and end sites; (name, channel)."""
    joints, channels, stack = [], [], []
    for word in words:
        if word == 'MOTION':
            return joints, channels
        if word in ('ROOT', 'JOINT', 'End'):
            name = next(words)
            name = f'{stack[-1]}_end' if word == 'End' else name
            assert next(words) == '{'
            assert next(words) == 'OFFSET'
            offset = [float(next(words)) for _ in range(3)]
            joints.append((name, stack[-1] if stack else None, offset))
            stack.append(name)
        elif word == 'CHANNELS':
            count = int(next(words))
            channels += [(stack[-1], next(words)) for _ in range(count)]
        elif word == '}':
            stack.pop()
        else:
            raise ValueError(f'unexpected word {word!r}')
    raise ValueError('no motion')


def _move(offsets):
    matrices = np.tile(np.eye(4), (len(offsets), 1, 1))
    matrices[:, :3, 3] = offsets
    return matrices


def _channel_matrix(channel, values):
    axis, kind = 'XYZ'.index(channel[0]), channel[1:]
    matrices = np.tile(np.eye(4), (len(values), 1, 1))
    if kind == 'position':
        matrices[:, axis, 3] = values
        return matrices
    assert kind == 'rotation'
    i, j = [(1, 2), (2, 0), (0, 1)][axis]
    cosine, sine = np.cos(np.deg2rad(values)), np.sin(np.deg2rad(values))
    matrices[:, i, i] = matrices[:, j, j] = cosine
    matrices[:, j, i], matrices[:, i, j] = sine, -sine
    return matrices
