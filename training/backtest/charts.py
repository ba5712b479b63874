"""Bars with their intervals, drawn as SVG that stands in a page: no script, nothing fetched."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from html import escape
from typing import Final

ROW: Final = 26
LEFT, MIDDLE, RIGHT = 290, 420, 190
"""Widths of the labels, the bars and the figures beside them."""


@dataclass(frozen=True, slots=True)
class Bar:
    """One bar: what it is of, its figure, and the interval of it."""

    label: str
    figure: float
    low: float
    high: float


def bars(title: str, of: Sequence[Bar], written: Callable[[float], str]) -> str:
    """A chart of bars from nothing to their figures, each with its interval as a line, on one scale."""
    height = ROW * len(of) + 12
    lowest = min([0.0, *(bar.low for bar in of), *(bar.figure for bar in of)])
    highest = max([0.0, *(bar.high for bar in of), *(bar.figure for bar in of)])
    scale = MIDDLE / ((highest - lowest) or 1.0)

    def x(figure: float) -> float:
        return LEFT + (figure - lowest) * scale

    width = LEFT + MIDDLE + RIGHT
    parts = [f'<svg viewBox="0 0 {width} {height}" role="img" aria-label="{escape(title)}">']
    for place, bar in enumerate(of):
        parts += _bar(bar, ROW * place + 6, x, written)
    parts.append(f'<line class="zero" x1="{x(0):.1f}" x2="{x(0):.1f}" y1="0" y2="{height}"/>')
    return f"<figure><figcaption>{escape(title)}</figcaption>{''.join(parts)}</svg></figure>"


def _bar(bar: Bar, y: int, x: Callable[[float], float], written: Callable[[float], str]) -> Iterator[str]:
    start, end = sorted((x(0), x(bar.figure)))
    middle = y + ROW / 2 - 3
    yield f'<text x="{LEFT - 8}" y="{middle + 4:.0f}" text-anchor="end">{escape(bar.label)}</text>'
    side = "less" if bar.figure < 0 else "more"
    yield f'<rect class="{side}" x="{start:.1f}" y="{y}" width="{end - start:.1f}" height="{ROW - 8}"/>'
    yield f'<line class="interval" x1="{x(bar.low):.1f}" x2="{x(bar.high):.1f}" y1="{middle:.0f}" y2="{middle:.0f}"/>'
    said = f"{written(bar.figure)} ({written(bar.low)} to {written(bar.high)})"
    yield f'<text x="{LEFT + MIDDLE + 8}" y="{middle + 4:.0f}">{escape(said)}</text>'
