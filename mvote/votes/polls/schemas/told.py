"""What a voter is told before voting, on the wire."""

import marshmallow as ma

from mvote.web.fields import Words


class CityOut(ma.Schema):
    """``people`` is the address at which permits are taken; null: this one."""

    city = Words(required=True)
    time_zone = ma.fields.String(required=True, metadata={"example": "Asia/Seoul"})
    people = ma.fields.String(required=True, allow_none=True)


class ToldOut(CityOut):
    """Sentences made from the definition and the city's settings.

    ``apart``: which permits are counted apart; ``questions``: how each is answered, by its id.
    """

    asked_by = Words(required=True)
    audience = ma.fields.List(Words(), required=True)
    proof = Words(required=True)
    decision = ma.fields.List(Words(), required=True)
    level = Words(required=True)
    privacy = Words(required=True)
    apart = ma.fields.List(Words(), required=True)
    questions = ma.fields.Dict(
        keys=ma.fields.String(), values=ma.fields.List(Words()), required=True
    )
