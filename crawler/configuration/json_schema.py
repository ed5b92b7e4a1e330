"""The JSON Schema of `.linkhealth.yml`, by which editors complete and check it: from the shapes that the loader reads by.

It is looser than the loader where a schema cannot say it: numbers between quotes, texts with several values, keys that
stand twice. What the loader takes it takes too.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from copy import deepcopy
from typing import Any, Final

from crawler.configuration.file_keys import FILE_SHAPE, PROFILE_SHAPE, PROFILES
from crawler.configuration.former_names import FORMER
from crawler.configuration.options import OPTIONS

Describe = Callable[[tuple[str, ...]], str | None]
"""What a key is for, by its path; a name of the writer's own is `*` in it. None for a key that needs no words."""
SCHEMA_NAME: Final = "linkhealth.schema.json"
_DRAFT: Final = "http://json-schema.org/draft-07/schema#"
"""What the YAML server of most editors reads."""


def schema_document(describe: Describe) -> dict[str, Any]:
    """The whole schema."""
    keys = {
        name: _described(name, shape.schema, describe) for name, shape in PROFILE_SHAPE.rows.items()
    }
    references = {name: {"$ref": f"#/definitions/{name}"} for name in keys}
    references |= {former: references[name] for former, name in FORMER.items()}
    profile = {"type": ["object", "null"], "properties": references, "additionalProperties": False}
    profiles = {
        "description": describe((PROFILES,)),
        "type": ["object", "null"],
        "additionalProperties": {"$ref": "#/definitions/profile"},
    }
    assert FILE_SHAPE.rows.keys() == {*keys, PROFILES}
    return {
        "$schema": _DRAFT,
        "title": "linkhealth",
        "description": "The file .linkhealth.yml at the root of a collection.",
        "type": ["object", "null"],
        "properties": {**references, PROFILES: profiles},
        "additionalProperties": False,
        "definitions": {**keys, "profile": profile},
    }


def _described(name: str, schema: Mapping[str, Any], describe: Describe) -> dict[str, Any]:
    found = _with_words(deepcopy(dict(schema)), (name,), describe)
    option = OPTIONS.get(name)
    if option is not None and option.default:
        found["default"] = option.default
    return found


def _with_words(
    schema: dict[str, Any], path: tuple[str, ...], describe: Describe
) -> dict[str, Any]:
    for name, below in schema.get("properties", {}).items():
        schema["properties"][name] = _with_words(below, (*path, name), describe)
    below = schema.get("additionalProperties")
    if isinstance(below, dict):
        schema["additionalProperties"] = _with_words(below, (*path, "*"), describe)
    words = describe(path)
    return {"description": words, **schema} if words else schema
