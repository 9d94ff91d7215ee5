"""The privacy levels as voters are told of them."""

from typing import Any

from mvote.core.secrecy.levels import LEVELS
from mvote.core.secrecy.limits import figures_of, not_proved, privacy_sentence, proved
from mvote.installation import installation
from mvote.votes.ballots.schemas import LevelsOut
from mvote.web.fields import Routes
from mvote.web.guard import guarded

routes = Routes("levels", __name__, url_prefix="/api/v1", description="Privacy levels")


@routes.get("/privacy-levels")
@guarded
@routes.response(200, LevelsOut)
def list_privacy_levels() -> dict[str, Any]:
    """What a vote at each level promises, what it proves and what it does not.

    Show the sentence before anyone votes; it is the one on the poll's page.
    """
    figures = figures_of(installation().settings)
    return {
        "items": [
            {
                "name": level.name,
                "label": level.label,
                "sentence": privacy_sentence(level.name, figures),
                "proved": proved(level.name, figures),
                "not_proved": not_proved(level.name, figures),
            }
            for level in LEVELS
        ]
    }
