"""AGORA's matching, written as its text has it, one number at a time."""

import itertools

import numpy as np


def box_overlap(a, b):
    """Of two (K, 2) people, one number at a time."""
    (ax, ay), (bx, by) = a.min(0), b.min(0)
    (ar, ab), (br, bb) = a.max(0), b.max(0)
    width = max(0, min(ar, br) - max(ax, bx) + 1)
    height = max(0, min(ab, bb) - max(ay, by) + 1)
    both = width * height
    first, second = (
        (ar - ax + 1) * (ab - ay + 1),
        (br - bx + 1) * (bb - by + 1),
    )
    return both / (first + second - both)


def mirror(pred, gt, valid):
    """The protocol as its text has it: the nearest remaining pair, again."""
    remaining = {
        (p, g): np.linalg.svd(pred[p, :24] - gt[g, :24])[1][0]
        for p, g in itertools.product(range(len(pred)), range(len(gt)))
    }
    matches, used, apart = {}, set(), 0
    while len(used) < len(gt) and len(matches) + apart < len(pred):
        pair = min(remaining, key=remaining.get)
        del remaining[pair]
        p, g = pair
        if box_overlap(pred[p], gt[g]) < 0.1:
            apart += 1
            if not valid[g]:
                used.add(g)
        elif p not in matches and g not in used:
            used.add(g)
            if valid[g]:
                matches[p] = g
    extra = [p for p in range(len(pred)) if p not in matches]
    missed = [
        g for g in range(len(gt)) if valid[g] and g not in matches.values()
    ]
    return [list(pair) for pair in matches.items()], extra, missed
