"""How citizens act without a name: scopes, and the signed acts that are taken within them.

A scope (core/scope.py) is one thing that citizens do something about: a call, a proposal, an
opinion pool, a record, the indicators.  The people wing gives every citizen who may act in it
one blind permit; every act (core/secrecy/act.py) shows it and is signed by the key that it
names.  So this wing knows that one citizen acts once, and never which.  No row here says when.

What other domains do with it.  Opening and closing, in their own transaction::

    participation.open_scope(session, record_id, kind="record", now=now)
    participation.close_scope(session, record_id, now=now)

An act, in a route that is open to ``permit_holder``: the body is read by the domain's own
schema first, then the service takes the act in the transaction in which it has its effect::

    @routes.post("/proposals/<string:proposal_id>/supports")
    @guarded
    @refuses(*ACT_REFUSALS)
    @routes.arguments(ActIn())
    @routes.response(200, SupportOut)
    def support(raw: dict[str, Any], proposal_id: str) -> Any:
        body = body_of(raw, SupportIn())  # both from mvote.web.acts
        return service.support(proposal_id, raw=raw, body=body, now=datetime.now(UTC))

    with transaction("votes") as session:
        taken = participation.take_act(session, raw, scope_id=…, act="support", now=now)
        if taken.new: …keep what taken.holder did…

``taken.new`` is False where the very same act came again: tell how things stand now, and
change nothing.  Rows by holder have no time and no running number (``NO_ROWID``), and a job
of their domain writes them anew with ``participation.order_rows`` so that none is left in the
order in which it came.
"""
