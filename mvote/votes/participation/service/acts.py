"""Take an act: check everything it shows, note it as its holder's last, once."""

import json
from collections.abc import Mapping
from datetime import datetime
from functools import lru_cache
from typing import NamedTuple

from sqlalchemy import select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from mvote.core.canonical import JSON
from mvote.core.ids import is_id
from mvote.core.scope import ScopeIsClosed, ScopeUnknown
from mvote.core.secrecy.act import Act, read_act, verify_act
from mvote.core.secrecy.keys import IssuerPublic, load_issuers
from mvote.installation import installation
from mvote.votes.participation.errors import ActOutdated, ScopeOpening, TooManyActs
from mvote.votes.participation.rules import CLOSED, OPENING, Taken
from mvote.votes.participation.service.scopes import take_gate
from mvote.votes.participation.tables import HolderRow, ScopeRow

KEPT_KEYS = 512


class _Found(NamedTuple):
    sh: str
    state: str
    closes: datetime
    issuers: str


def take_act(session: Session, raw: JSON, *, scope_id: str, act: str, now: datetime) -> Taken:
    """Count an act of this kind in the caller's transaction.

    The same act again gives ``new`` False, also behind the end of the scope: whoever did not
    hear that it counted is not told that it came too late.  Raises ScopeUnknown, ScopeOpening,
    ScopeIsClosed, ActMalformed, ActTooLarge, PermitMalformed, ActForAnother, PermitNotValid,
    ActForged, ActOutdated, TooManyActs.
    """
    settings = installation().settings
    read = read_act(raw, most=settings.act_bytes)
    if not is_id(scope_id):
        raise ScopeUnknown()
    take_gate(session, scope_id, exclusive=False)
    found = _find(session, scope_id)
    over = found.state == CLOSED or now >= found.closes
    if over and _last_of(session, read) != (read.seq, read.digest):
        raise ScopeIsClosed()
    if found.state == OPENING:
        raise ScopeOpening(retry_after=2)
    verify_act(read, scope=scope_id, sh=found.sh, act=act, issuers=_keys(found.issuers))
    if read.seq > settings.acts_per_scope:
        raise TooManyActs(most=settings.acts_per_scope)
    return Taken(read.holder, read.seq, read.body, _note(session, read))


def _find(session: Session, scope_id: str) -> _Found:
    columns = ScopeRow.sh, ScopeRow.state, ScopeRow.closes, ScopeRow.issuers
    row = session.execute(select(*columns).where(ScopeRow.id == scope_id)).one_or_none()
    if row is None:
        raise ScopeUnknown()
    return _Found(*row)


@lru_cache(maxsize=KEPT_KEYS)
def _keys(issuers: str) -> Mapping[str, IssuerPublic]:
    return load_issuers(json.loads(issuers))


def _note(session: Session, act: Act) -> bool:
    """Whether the act is new.  Of several at once one comes first, and the same comes second.

    Raises ActOutdated.
    """
    dialect = postgresql if session.get_bind().dialect.name == "postgresql" else sqlite
    row = {"scope": act.scope, "holder": act.holder, "seq": act.seq, "digest": act.digest}
    insert = dialect.insert(HolderRow).values(row)
    noted = insert.on_conflict_do_update(
        index_elements=[HolderRow.scope, HolderRow.holder],
        set_={"seq": insert.excluded.seq, "digest": insert.excluded.digest},
        where=HolderRow.seq < insert.excluded.seq,
    ).returning(HolderRow.seq)
    if session.execute(noted).first() is not None:
        return True
    if _last_of(session, act) != (act.seq, act.digest):
        raise ActOutdated()
    return False


def _last_of(session: Session, act: Act) -> tuple[int, bytes] | None:
    """``seq`` and digest of the last act of the same holder; None where there is none."""
    same = HolderRow.scope == act.scope, HolderRow.holder == act.holder
    kept = session.execute(select(HolderRow.seq, HolderRow.digest).where(*same)).one_or_none()
    return None if kept is None else (kept.seq, bytes(kept.digest))
