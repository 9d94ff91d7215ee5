"""Ask an address whether it wants e-mail; the answer here is the same whoever it belongs to."""

from collections.abc import Collection
from datetime import datetime

from mvote.channels.deliveries.errors import MailAddressNotValid, TooManyAsked
from mvote.channels.deliveries.rules import MAIL, is_address
from mvote.channels.deliveries.service.crowding import share_of
from mvote.channels.deliveries.service.following import (
    DAY_SECONDS,
    find_row,
    new_row,
    read_topics,
    require_room,
)
from mvote.channels.deliveries.tables import DeliveryRow
from mvote.core.ids import new_id
from mvote.db import transaction
from mvote.installation import city_day, installation

NOTHING = "[]"


def follow_by_mail(address: str, *, topics: Collection[str], language: str, now: datetime) -> None:
    """Write to an address, which has to confirm before anything else is sent to it.

    Whoever follows already is asked before its topics change.  Raises MailAddressNotValid,
    TopicUnknown, TooManyAsked.
    """
    if not is_address(address):
        raise MailAddressNotValid()
    local, _, domain = address.rpartition("@")
    target, wanted, day = f"{local}@{domain.lower()}", read_topics(topics), city_day(now)
    settings = installation().settings
    with transaction("votes") as session:
        row = find_row(session, MAIL, target)
        if row is None or row.asked_on != day:
            require_room(session, MAIL, most=settings.mail_new_per_day, day=day)
            share = share_of(settings.mail_new_per_day)
            require_room(session, MAIL, most=share, day=day, domain=domain.lower())
        if row is None:
            row = new_row(MAIL, target, topics=NOTHING, language=language, today=day)
            session.add(row)
            session.flush()
        if row.asked_on != day:
            row.asked_on, row.asks = day, 0
        if row.asks >= settings.mail_asks_per_day:
            raise TooManyAsked(retry_after=DAY_SECONDS)
        row.asks += 1
        row.wanted = wanted
        if row.topics == NOTHING:  # whoever follows already is written to as before
            row.language = language
        session.add(DeliveryRow(id=new_id(), follower=row.id, news="", tries=0, next_at=now))
