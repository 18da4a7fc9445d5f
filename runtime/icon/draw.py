"""Draws icon.png, the package's icon: the contours of a ravine, and a descent from its side along its floor to the minimum."""
import math
import os
import struct
import zlib

SIZE = 128
SAMPLES = 4                                     # by each axis of a pixel, for smooth edges
BACKGROUND, CONTOUR, PATH, MINIMUM = (24, 32, 56), (86, 124, 214), (255, 255, 255), (255, 176, 59)

ANGLE = math.radians(-28)
CENTER = (84, 52)
CURVATURE = (1.0, 9.0)                          # along the ravine, and across it


def ravine(x, y):
    """The coordinates along and across the ravine, of a pixel."""
    dx, dy = x - CENTER[0], y - CENTER[1]
    return dx * math.cos(ANGLE) + dy * math.sin(ANGLE), dy * math.cos(ANGLE) - dx * math.sin(ANGLE)


def descent():
    """The points of gradient descent with the rate 0.192, in pixels."""
    point = (-74.0, 24.0)
    points = []
    for _ in range(40):
        along, across = point
        points.append((CENTER[0] + along * math.cos(ANGLE) - across * math.sin(ANGLE),
                       CENTER[1] + along * math.sin(ANGLE) + across * math.cos(ANGLE)))
        point = tuple(p - 0.192 * c * p for p, c in zip(point, CURVATURE))
    return points


def distance_to_segment(x, y, a, b):
    ux, uy = b[0] - a[0], b[1] - a[1]
    length = ux * ux + uy * uy
    t = max(0.0, min(1.0, ((x - a[0]) * ux + (y - a[1]) * uy) / length)) if length else 0.0
    return math.hypot(x - a[0] - t * ux, y - a[1] - t * uy)


def color(x, y, path):
    """The color of a point, or None outside of the rounded square."""
    corner = 24
    outside = math.hypot(max(corner - x, 0, x - SIZE + corner), max(corner - y, 0, y - SIZE + corner))
    if outside > corner:
        return None
    if math.hypot(x - CENTER[0], y - CENTER[1]) < 8:
        return MINIMUM
    if any(distance_to_segment(x, y, a, b) < 2.6 for a, b in zip(path, path[1:])):
        return PATH
    along, across = ravine(x, y)
    level = math.sqrt(along * along + CURVATURE[1] * across * across)
    # Contours stand 36 apart along the ravine and a third of that across it. The distance to one is that of the levels over the slope.
    slope = math.hypot(along, CURVATURE[1] * across) / level if level else 1.0
    nearest = max(1, round(level / 36)) * 36
    if abs(level - nearest) / slope < 0.9:
        return CONTOUR
    return BACKGROUND


def pixels():
    path = descent()
    for row in range(SIZE):
        line = bytearray([0])
        for column in range(SIZE):
            samples = [color(column + (i + 0.5) / SAMPLES, row + (j + 0.5) / SAMPLES, path) for j in range(SAMPLES) for i in range(SAMPLES)]
            drawn = [sample for sample in samples if sample]
            line += bytes(sum(sample[k] for sample in drawn) // len(drawn) if drawn else 0 for k in range(3))
            line.append(255 * len(drawn) // len(samples))
        yield bytes(line)


def chunk(kind, data):
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


header = struct.pack(">IIBBBBB", SIZE, SIZE, 8, 6, 0, 0, 0)
with open(os.path.join(os.path.dirname(os.path.abspath(__file__)), "icon.png"), "wb") as file:
    file.write(b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(b"".join(pixels()), 9)) + chunk(b"IEND", b""))
