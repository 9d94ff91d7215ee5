"""Audiences: conditions joined by ``all`` and ``any``, read, described, and asked of a citizen.

::

    {"all": [{"condition": "district", "any_of": ["mapo"]},
             {"any": [{"condition": "list", "list": "traders"},
                      {"condition": "room", "room": "12345678"}]}]}

A group holds conditions and groups, ``MOST_DEPTH`` of them inside each other.
"""

from collections.abc import Callable, Iterator, Mapping

from mvote.core.canonical import JSON, canonical_bytes
from mvote.core.eligibility.condition import AudienceRefused, Condition, Facts, Unmet
from mvote.core.eligibility.conditions import CONDITIONS
from mvote.core.eligibility.declared import Declared
from mvote.core.eligibility.on_list import OnList
from mvote.core.eligibility.room import InRoom
from mvote.core.fields import Faults, Reader
from mvote.core.text import LANGUAGES, Words

MOST_DEPTH = 3
"""Groups inside each other; the audience itself is the first."""
MOST_IN_GROUP = 16
MOST_CONDITIONS = 32
"""In a whole audience."""
ALL, ANY = "all", "any"
_JOINED: Mapping[str, Words] = {
    ALL: {"ko": " 그리고 ", "en": " and "},
    ANY: {"ko": " 또는 ", "en": " or "},
}

Node = Mapping[str, JSON]


def check_audience(audience: JSON) -> None:
    """Check a group and everything inside it.  Raises AudienceRefused."""
    faults = Faults()
    conditions = _check_group(Reader(audience, faults), depth=1)
    if conditions > MOST_CONDITIONS:
        faults.add(ALL, f"there may be {MOST_CONDITIONS} conditions in all")
    faults.refuse(AudienceRefused)


def _check_group(read: Reader, *, depth: int) -> int:
    """How many conditions it holds."""
    kind = ANY if ANY in read.raw and ALL not in read.raw else ALL
    read.only(kind)
    if depth > MOST_DEPTH:
        read.fault(kind, f"groups may stand {MOST_DEPTH} inside each other")
        return 0
    seen: set[object] = set()
    found = 0
    for place, raw in enumerate(read.items(kind, least=1, most=MOST_IN_GROUP)):
        inner = Reader(raw, read.faults, f"{read.name(kind)}[{place}]")
        if ALL in inner.raw or ANY in inner.raw:
            found += _check_group(inner, depth=depth + 1)
            continue
        found += 1
        name = inner.one_of("condition", CONDITIONS.names())
        if name:
            CONDITIONS.get(name).read(inner)
            _check_once(inner, kind, name, seen)
    return found


def _check_once(read: Reader, kind: str, name: str, seen: set[object]) -> None:
    """The same condition twice says nothing, and all of two districts is nobody."""
    apart = kind == ANY or name in (OnList.name, InRoom.name)
    try:
        known: object = canonical_bytes(dict(read.raw)) if apart else name
    except (ValueError, TypeError):  # a fault that was found already
        return
    if known in seen:
        read.fault("condition", "stands twice")
    seen.add(known)


def conditions_of(node: Node) -> Iterator[Node]:
    """Every condition of a checked audience, whatever group it stands in."""
    group = _group(node)
    if group is None:
        yield node
        return
    for child in group[1]:
        yield from conditions_of(child)


def lists_named(audience: Node) -> tuple[str, ...]:
    """The lists that a checked audience asks about, each once."""
    found = conditions_of(audience)
    return tuple(dict.fromkeys(raw["list"] for raw in found if raw["condition"] == OnList.name))


def takes_declared(audience: Node) -> bool:
    """Whether a checked audience asks what citizens say of themselves."""
    return any(raw["condition"] == Declared.name for raw in conditions_of(audience))


def is_targeted(audience: Node) -> bool:
    """Whether a number can be known beforehand above which nobody more may vote.

    It cannot where people could meet a checked audience without meeting any condition by
    which they are counted.
    """
    return not _folds(audience, lambda condition, _: not condition.targets)


def is_closable(audience: Node) -> bool:
    """Whether its roll can be closed: who is on it, then only has to prove what all have to.

    What the city cannot count beforehand may stand in ``all`` only.
    """
    return is_targeted(audience) and not _has_choice(audience)


def _has_choice(node: Node) -> bool:
    group = _group(node)
    if group is None:
        return False
    kind, children = group
    if kind == ANY:
        return any(not CONDITIONS.get(raw["condition"]).targets for raw in conditions_of(node))
    return any(_has_choice(child) for child in children)


def is_open_to(audience: Node, rooms: frozenset[str] = frozenset()) -> bool:
    """Whether someone who was let into these rooms may know of a checked audience's poll.

    It is private where that is no for everyone without a room.
    """
    return _folds(audience, lambda _, raw: raw["condition"] != InRoom.name or raw["room"] in rooms)


def is_met(audience: Node, facts: Facts) -> bool:
    """Whether a checked audience lets a citizen vote."""
    return _folds(audience, lambda condition, raw: condition.met(raw, facts))


def is_countable(audience: Node, facts: Facts) -> bool:
    """Whether it would, once the citizen has proved what the city cannot count beforehand."""
    return _folds(
        audience, lambda condition, raw: not condition.targets or condition.met(raw, facts)
    )


def unmet(audience: Node, facts: Facts, *, on_roll: bool = False) -> tuple[Unmet, ...]:
    """What keeps a citizen from voting by a checked audience; none is: may vote.

    ``on_roll``: what the city counted beforehand is settled for this citizen.
    """
    if is_met(audience, facts):
        return ()
    group = _group(audience)
    if group is None:
        condition = CONDITIONS.get(audience["condition"])
        return () if on_roll and condition.targets else (condition.unmet(audience, facts),)
    kind, children = group
    each = [unmet(child, facts, on_roll=on_roll) for child in children]
    if kind == ALL:
        return tuple(one for found in each for one in found)
    if not all(each):
        return ()
    return (_nearest(audience, each),)


def _nearest(node: Node, each: list[tuple[Unmet, ...]]) -> Unmet:
    """None of the alternatives is met; what to do is said of the one that takes the least."""
    closest = min(each, key=lambda found: sum(one.effort for one in found))
    whom = _whom(node)
    told = {
        "ko": f"다음 가운데 하나에 해당해야 합니다: {whom['ko']}.",
        "en": f"One of these has to be true of you: {whom['en']}.",
    }
    what = {
        language: " ".join(dict.fromkeys(one.what_to_do[language] for one in closest))
        for language in LANGUAGES
    }
    return Unmet(closest[0].condition, told, what, sum(one.effort for one in closest))


def describe(audience: Node) -> tuple[Words, ...]:
    """Whom a checked audience lets vote: sentences, all of which have to hold."""
    group = _group(audience)
    if group is None:
        return (CONDITIONS.get(audience["condition"]).describe(audience),)
    if group[0] == ALL:
        return tuple(one for child in group[1] for one in describe(child))
    whom = _whom(audience)
    return (
        {
            "ko": f"이 투표의 대상(하나만 해당하면 됩니다): {whom['ko']}.",
            "en": f"This poll is for any of these: {whom['en']}.",
        },
    )


def _whom(node: Node, *, outer: bool = True) -> Words:
    group = _group(node)
    if group is None:
        return CONDITIONS.get(node["condition"]).whom(node)
    kind, children = group
    parts = [_whom(child, outer=False) for child in children]
    brackets = ("", "") if outer or len(parts) == 1 else ("(", ")")
    return {
        language: _JOINED[kind][language].join(part[language] for part in parts).join(brackets)
        for language in LANGUAGES
    }


def _group(node: Node) -> tuple[str, list[Node]] | None:
    """Its kind and what stands in it; None is a condition."""
    for kind in (ALL, ANY):
        if kind in node:
            return kind, node[kind]
    return None


def _folds(node: Node, holds: Callable[[Condition, Node], bool]) -> bool:
    """Whether an audience is true where its conditions are what ``holds`` says of them."""
    group = _group(node)
    if group is None:
        return holds(CONDITIONS.get(node["condition"]), node)
    kind, children = group
    return (all if kind == ALL else any)(_folds(child, holds) for child in children)
