"""An audience as controls: conditions below one another, in groups that all or any join.

A group is named as the interface spells it, ``b.audience.all[0]``; what joins it stands behind
``._``, and what a condition asks behind ``.condition``.
"""

from collections.abc import Iterator, Mapping
from typing import Any, Final

from werkzeug.datastructures import MultiDict

from mvote.core.eligibility import CONDITIONS, AudienceRefused, check_audience, describe
from mvote.core.eligibility.audience import ALL, ANY, MOST_DEPTH
from mvote.core.eligibility.declared import DECLARABLE, Declared
from mvote.core.eligibility.gender import GENDERS
from mvote.core.eligibility.verified_number import VerifiedNumber
from mvote.core.text import Words
from mvote.pages.office.fields import Field, Kind

KIND: Final = "_kind."
"""Before the name of a group: what is to be added to it."""
OF: Final = "of"
"""Between ``declared`` and the condition that is declared to be met."""
JOINED: Final[Mapping[str, Words]] = {
    ALL: {"ko": "다음 조건을 모두 갖춘 사람", "en": "Whoever meets all of these"},
    ANY: {"ko": "다음 가운데 하나라도 해당하는 사람", "en": "Whoever meets at least one of these"},
}
_CONTROLS: Final[Mapping[str, Kind]] = {
    "district.any_of": "rows",
    "gender.any_of": "choices",
    "birth-year.from": "number",
    "birth-year.to": "number",
}
"""How what a condition asks is filled in; all else is a text."""


def kinds(*, deeper: bool) -> Iterator[tuple[str, Words]]:
    """What can be added to a group; ``deeper``: groups too."""
    for one in CONDITIONS:
        if one.name != Declared.name:
            yield one.name, one.label
    word = CONDITIONS.get(Declared.name).label
    for one in DECLARABLE:
        label = {lang: f"{said} ({word[lang]})" for lang, said in one.label.items()}
        yield f"{Declared.name}.{one.name}", label
    if deeper:
        yield from JOINED.items()


def label_of_condition(condition: str, of: str) -> Words:
    """As it stands in the list of what can be added; its name where there is none such."""
    name = f"{condition}.{of}" if of else condition
    return dict(kinds(deeper=False)).get(name, {"ko": name, "en": name})


def asked(condition: str, path: str) -> Iterator[tuple[Field, Words]]:
    """The fields of a condition, each with its label."""
    form = CONDITIONS.get(condition).form if condition in CONDITIONS.names() else {}
    for key, words in form.items():
        if key == OF:
            continue
        kind = _CONTROLS.get(f"{condition}.{key}", "text")
        made = Field(
            key,
            f"{path}.{condition}.{key}",
            kind,
            required=kind != "number",
            choices=tuple(GENDERS) if kind == "choices" else (),
            inside=(Field("", path, "text", required=True),) if kind == "rows" else (),
        )
        yield made, words


def may_deepen(name: str) -> bool:
    """Whether a group may hold another one."""
    return _depth(name) < MOST_DEPTH


def may_stand(name: str) -> bool:
    """Whether a group is read: one deeper than the interface takes is, so that it says so."""
    return _depth(name) <= MOST_DEPTH + 1


def _depth(name: str) -> int:
    """How many groups stand inside each other, this one among them."""
    return 1 + name.count(f".{ALL}[") + name.count(f".{ANY}[")


def add_condition(typed: MultiDict[str, str], place: str, kind: str) -> MultiDict[str, str]:
    """One more at the end of a group, ``place`` being ``b.audience.all``; no kind adds nothing."""
    made = MultiDict(typed)
    if kind in JOINED:
        made[f"{place}._"] = kind
    elif kind:
        condition, _, of = kind.partition(".")
        made[f"{place}.condition"] = condition
        if of:
            made[f"{place}.{OF}.condition"] = of
    return made


def begin(typed: MultiDict[str, str], name: str, *, required: bool) -> None:
    """A group where nothing was filled in yet: who has to name somebody begins with everyone."""
    typed[f"{name}._"] = ALL
    if required:
        typed[f"{name}.{ALL}[0].condition"] = VerifiedNumber.name


def in_words_of(node: Any) -> tuple[Words, ...]:
    """Whom it lets take part, in sentences; none where something is still wrong with it."""
    try:
        check_audience(node)
    except AudienceRefused:
        return ()
    return describe(node)
