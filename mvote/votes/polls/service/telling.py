"""What a voter is told of a poll before anything is asked, in sentences nobody wrote by hand.

They are made from the frozen definition and the city's settings, so that no client can
promise more than the poll's page does.
"""

from typing import Any

from mvote.core import decision, eligibility
from mvote.core.poll import PollDefinition
from mvote.core.proofs import PROOF_LABELS
from mvote.core.questions.telling import describe
from mvote.core.secrecy.levels import LEVELS
from mvote.core.secrecy.limits import figures_of, privacy_sentence
from mvote.core.text import Words
from mvote.installation import installation
from mvote.votes.polls.service.departments import list_departments


def tell_poll(definition: PollDefinition) -> dict[str, Any]:
    """Who asks, who may vote, what the result decides, what is secret, how questions work."""
    names = {one.code: one.name for one in list_departments()}
    by_id = {one.id: one for one in definition.questions}
    level = LEVELS.get(definition.level)
    figures = figures_of(installation().settings)
    return {
        "asked_by": names.get(definition.department, {}) or _code(definition.department),
        "audience": eligibility.describe(definition.audience),
        "proof": PROOF_LABELS[definition.proof],
        "decision": decision.describe(definition.decision),
        "level": level.label,
        "privacy": privacy_sentence(definition.level, figures),
        "apart": [one.words for one in definition.quarantine],
        "questions": {one.id: describe(one, by_id) for one in definition.questions},
        **tell_city(),
    }


def tell_city() -> dict[str, Any]:
    """The city's name, the zone of its times, and where one proves who one is.

    ``people`` is None where that is the same address.
    """
    settings = installation().settings
    return {
        "city": {"ko": settings.city_ko, "en": settings.city_en},
        "time_zone": settings.time_zone,
        "people": settings.people_public_url.rstrip("/") or None,
    }


def _code(department: str) -> Words:
    return {"ko": department, "en": department}
