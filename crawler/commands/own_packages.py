"""Whether `spiders` and `pipelines` are linkhealth's own where Python looks them up: other projects have folders of these names."""

from __future__ import annotations

from importlib.machinery import PathFinder
from importlib.util import find_spec
from typing import Final

_A_MODULE_OF: Final = {"spiders": "opening", "pipelines": "write_back"}


def other_package() -> str | None:
    """What hides a package of ours, and what to do; None where all is well."""
    for name, module in _A_MODULE_OF.items():
        spec = find_spec(name)
        places = list(spec.submodule_search_locations or ()) if spec else []
        if PathFinder.find_spec(f"{name}.{module}", places) is not None:
            continue
        if spec is None:
            return f"the package `{name}` is missing; install linkhealth again"
        where = spec.origin or ", ".join(places)
        return (
            f"`{name}` is not linkhealth's own package here, but {where!r}, which Python finds first: start `linkhealth` rather "
            "than `python -m crawler`, take that folder out of PYTHONPATH, or install linkhealth into an environment of its own"
        )
    return None
