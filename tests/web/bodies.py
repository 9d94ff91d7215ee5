"""The smallest body that the specification lets a route take, to reach what lies behind it."""

import json
import re
from typing import Any

from tests.require import ROOT

SPEC = json.loads((ROOT / "mobile_api_spec" / "openapi.json").read_text())
WORDS = {"ko": "까닭", "en": "A reason"}
TIMES = {"begin": "2030-12-31T22:59:59Z", "end": "2030-12-31T23:59:59Z"}
MORE: dict[str, dict[str, Any]] = {
    "cancel_poll": {"reason": WORDS},
    "declare_outage": {"reason": WORDS, **TIMES},
    "open_call": {"department": "roads"},
    "tag_record": {"tags": ["trees"]},
}
"""What a body has to have by more than its form."""
BY_PATTERN = ("0" * 16, "1", "roads", "a-name", "123456", "A" * 43)
BY_FORMAT = {"date-time": "2030-12-31T23:59:59Z", "date": "2030-12-31"}


def body_of(operation: str) -> Any:
    """A body for an operation; None where it takes none."""
    for methods in SPEC["paths"].values():
        for method, said in methods.items():
            if method != "parameters" and said.get("operationId") == operation:
                content = said.get("requestBody", {}).get("content", {})
                if not content:
                    return None
                return {**sample(content["application/json"]["schema"]), **MORE.get(operation, {})}
    raise AssertionError(f"{operation} is not in the specification")


def sample(schema: dict[str, Any]) -> Any:
    if "$ref" in schema:
        name = schema["$ref"].rsplit("/", 1)[-1]
        return WORDS if name == "Words" else sample(SPEC["components"]["schemas"][name])
    for several in ("anyOf", "allOf", "oneOf"):
        if several in schema:
            return sample(schema[several][0])
    if "enum" in schema:
        return schema["enum"][0]
    kind = schema.get("type", "object")
    kind = kind[0] if isinstance(kind, list) else kind
    if kind == "object":
        wanted = schema.get("required", [])
        return {name: sample(schema["properties"][name]) for name in wanted}
    if kind == "array":
        return [sample(schema["items"])] * schema.get("minItems", 1)
    if kind in ("integer", "number"):
        return schema.get("minimum", 1)
    return True if kind == "boolean" else _text(schema)


def _text(schema: dict[str, Any]) -> str:
    if schema.get("format") in BY_FORMAT:
        return BY_FORMAT[schema["format"]]
    pattern = schema.get("pattern")
    fitting = [one for one in BY_PATTERN if pattern is None or re.search(pattern, one)]
    return fitting[0].ljust(schema.get("minLength", 0), "0") if fitting else ""
