"""Documents on the wire."""

import marshmallow as ma

from mvote.web.fields import Body


class DocumentsIn(Body):
    after = ma.fields.Integer(load_default=0, strict=False, validate=ma.validate.Range(0, 2**53))


class DocumentsOut(ma.Schema):
    """Signed documents in the order of their numbers (core/document.py)."""

    items = ma.fields.List(ma.fields.Dict(), required=True)
    last = ma.fields.Integer(
        required=True, metadata={"description": "Number of the last document that there is."}
    )
