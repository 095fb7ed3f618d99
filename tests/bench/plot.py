"""The picture for the README: how many times the floor each storm took, and how storms grow. Written as PNG and SVG."""

from collections.abc import Sequence
from pathlib import Path
from typing import Final

import matplotlib as mpl
from matplotlib.axes import Axes
from matplotlib.figure import Figure as Picture

from bench.figures import Figure

STORMS: Final = ("storm", "money", "stateful", "neighbour", "peer")
OURS, PEER, TARGET = "#2f6f9f", "#b0b0b0", "#c0392b"
SUFFIXES: Final = ("png", "svg")


def draw(figures: Sequence[Figure], out: Path, title: str) -> list[Path]:
    """The files that were written; none where nothing of what is drawn was measured."""
    storms = [figure for figure in figures if figure.case in STORMS and figure.value is not None]
    growth = [figure for figure in figures if figure.case == "growth" and figure.detail]
    if not storms:
        return []
    mpl.rcParams["svg.hashsalt"] = "prepaid"
    picture = Picture(figsize=(9, 3.2), layout="constrained")
    axes = picture.subplots(1, 1 + bool(growth), squeeze=False)[0]
    draw_storms(axes[0], storms)
    if growth:
        draw_growth(axes[1], growth[0])
    picture.suptitle(title, fontsize=9)
    return [saved(picture, out / f"bench.{suffix}") for suffix in SUFFIXES]


def draw_storms(axes: Axes, storms: Sequence[Figure]) -> None:
    """One bar for each, a line where its target is; 1 is the floor."""
    for place, figure in enumerate(reversed(storms)):
        value = figure.value or 0
        axes.barh(place, value, color=PEER if figure.case == "peer" else OURS)
        axes.text(value, place, f" {value:.2f}x", va="center", fontsize=8)
        if figure.target is not None:
            axes.plot([figure.target] * 2, [place - 0.4, place + 0.4], color=TARGET)
    axes.set_yticks(range(len(storms)), [figure.case for figure in reversed(storms)])
    axes.axvline(1, color="black", linewidth=0.8)
    axes.margins(x=0.15)
    axes.set_xlabel("times the floor (red: to reach)")


def draw_growth(axes: Axes, growth: Figure) -> None:
    sizes = [int(name.rpartition(" ")[2]) for name in growth.detail]
    axes.plot(sizes, list(growth.detail.values()), marker="o", color=OURS)
    axes.set_xlim(left=0)
    axes.set_ylim(bottom=0)
    axes.set_xlabel("instances expiring in one second")
    axes.set_ylabel("seconds until all are Recycled")


def saved(picture: Picture, path: Path) -> Path:
    picture.savefig(path, dpi=150, metadata={"Date": None} if path.suffix == ".svg" else None)
    return path
