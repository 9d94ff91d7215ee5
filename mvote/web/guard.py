"""The guard before every view, by the access matrix; without one the program does not start."""

from collections.abc import Callable
from functools import wraps
from typing import Any, TypeVar, cast

from flask import Flask, g

from mvote.web.matrix import MATRIX

View = TypeVar("View", bound=Callable[..., Any])


def guarded(view: View) -> View:
    """Guard a view as the access matrix says; has to stand directly below the route.

    Raises RuntimeError where the matrix does not name the view.
    """
    name = view.__name__
    if name not in MATRIX:
        raise RuntimeError(f"the access matrix does not say who {name} is open to")
    access = MATRIX[name]

    @wraps(view)
    def guarded_view(*args: Any, **kwargs: Any) -> Any:
        g.caller = access.check()
        return view(*args, **kwargs)

    said = getattr(view, "_apidoc", {})
    security: list[dict[str, list[str]]] = [{access.scheme: []}] if access.scheme else []
    doc = {**said, "manual_doc": {**said.get("manual_doc", {}), "security": security}}
    guarded_view._apidoc = doc  # type: ignore[attr-defined]
    guarded_view._open_to = access  # type: ignore[attr-defined]
    return cast(View, guarded_view)


def require_guards(app: Flask) -> None:
    """Stop the start if any route forgot its guard."""
    for endpoint, view in app.view_functions.items():
        if endpoint != "static" and not hasattr(view, "_open_to"):
            raise RuntimeError(f"the route {endpoint} does not say who it is open to")
