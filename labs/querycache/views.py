"""The decorator for views that write."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from inspect import iscoroutinefunction
from typing import ParamSpec, TypeVar

from labs.querycache import current

P = ParamSpec("P")
R = TypeVar("R")


def clean_cache(owner: Callable[[], object]) -> Callable[[Callable[P, R]], Callable[P, R]]:
    """Clear an owner's results after the view has run and before its answer leaves: `@clean_cache(lambda: g.user.id)`.

    A view that raised may have written too, so it clears then as well. Raises TypeError for an `async def`, which has
    not run yet when it returns.
    """

    def decorate(view: Callable[P, R]) -> Callable[P, R]:
        if iscoroutinefunction(view):
            raise TypeError("a coroutine function cannot be decorated: it would be cleared before it has run")

        @wraps(view)
        def cleaning(*args: P.args, **kwargs: P.kwargs) -> R:
            try:
                return view(*args, **kwargs)
            finally:
                current.clear_hash(owner())

        return cleaning

    return decorate
