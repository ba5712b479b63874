"""Work done on a few threads at once, its results in the order of what they were made of, and few waiting."""

import os
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from itertools import chain
from typing import TypeVar

Given = TypeVar("Given")
Made = TypeVar("Made")


def in_order(work: Callable[[Given], Made], of: Iterable[Given], *, threads: int | None = None) -> Iterator[Made]:
    """What ``work`` makes of each; one or two alone are worked on here, more on as many threads as are given."""
    rest = iter(of)
    first = next(rest, None), next(rest, None)
    alone = [given for given in first if given is not None]
    if len(alone) < len(first):
        yield from map(work, alone)
        return
    yield from _on_threads(work, chain(alone, rest), threads or os.cpu_count() or 1)


def _on_threads(work: Callable[[Given], Made], of: Iterable[Given], threads: int) -> Iterator[Made]:
    waiting: deque[Future[Made]] = deque()
    with ThreadPoolExecutor(threads) as pool:
        for given in of:
            waiting.append(pool.submit(work, given))
            if len(waiting) > threads:
                yield waiting.popleft().result()
        while waiting:
            yield waiting.popleft().result()
