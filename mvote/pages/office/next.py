"""What an act answered, and where to go from there."""

from collections.abc import Mapping
from typing import Any, Final

from mvote.pages.language import in_words, link
from mvote.pages.office.acts import Act, acts
from mvote.pages.office.forms import Form
from mvote.pages.office.session import Session
from mvote.pages.office.showing import Shown, show
from mvote.pages.office.words.acts import ACTS
from mvote.pages.office.words.results import MORE, NEXT, SUBJECTS

FEW: Final = 4
"""As many acts are named one by one; more stand on a page of their own."""


def show_answer(form: Form, who: Session | None) -> Shown:
    """What was answered, or seen before; items get links to what can be done about them."""
    answer = form.answer or form.seen
    assert answer is not None
    shown = show(answer.body, form.act.name)
    subject = SUBJECTS.get(form.act.name)
    if subject is not None and who is not None:
        for one in shown.items:
            one.links = _links(form, who, one.of, subject)
    return shown


def next_links(form: Form, who: Session | None) -> list[tuple[str, str]]:
    """After an act: what can be done about what it was done to, or what it made."""
    if who is None or form.answer is None:
        return []
    made = form.answer.body if isinstance(form.answer.body, Mapping) else {}
    found = _links(form, who, made, SUBJECTS.get(form.act.name, {}))
    if form.act.reads and made.get("next"):
        more = {name: value for name, value in form.kept if name != "q.after"}
        path = link("office.show_form", name=form.act.name, **{**more, "q.after": made["next"]})
        found.insert(0, (in_words(MORE), path))
    return found


def _links(
    form: Form, who: Session, thing: Mapping[str, Any], subject: Mapping[str, str]
) -> list[tuple[str, str]]:
    own = {name: str(thing[key]) for name, key in subject.items() if thing.get(key)}
    known = {name: form.typed[f"p.{name}"] for name in form.act.path if form.typed.get(f"p.{name}")}
    about = own or known
    if not about or (subject and not own):
        return []
    everything = {**known, **own}
    fitting = [
        one
        for one in acts().values()
        if _fits(one, set(about), set(everything), who) and one.name != form.act.name
    ]
    if len(fitting) > FEW:
        fields = {f"p.{name}": value for name, value in about.items()}
        first = [one for one in fitting if one.name == NEXT.get(form.act.name)]
        named = [(in_words(ACTS[one.name].title), _address(one, everything)) for one in first]
        return [*named, (in_words(ABOUT), link("office.show_acts", **fields))]
    return [(in_words(ACTS[one.name].title), _address(one, everything)) for one in fitting]


def _fits(act: Act, about: set[str], known: set[str], who: Session) -> bool:
    said, names = ACTS[act.name], set(act.path) | _fields(act)
    shown = not said.within and not said.page and act.open_to(who.duties)
    return shown and about <= names and set(act.path) <= known


def _fields(act: Act) -> set[str]:
    schema = act.schemas.get("json")
    return set(schema.load_fields) if schema is not None else set()


def _address(act: Act, known: Mapping[str, str]) -> str:
    fields = {f"p.{name}": known[name] for name in act.path}
    beside = {
        f"b.{name}": known[name] for name in _fields(act) & known.keys() if name not in act.path
    }
    return link("office.show_form", name=act.name, **fields, **beside)


ABOUT: Final = {"ko": "이것으로 할 수 있는 일", "en": "What can be done with it"}
