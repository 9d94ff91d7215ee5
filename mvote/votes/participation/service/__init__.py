"""Open and close scopes; take each holder's acts, each once and in order."""

from mvote.votes.participation.service.acts import take_act
from mvote.votes.participation.service.ordering import order_rows
from mvote.votes.participation.service.scopes import (
    close_due,
    close_scope,
    get_scope,
    keep_issuer,
    open_scope,
)

__all__ = [
    "close_due",
    "close_scope",
    "get_scope",
    "keep_issuer",
    "open_scope",
    "order_rows",
    "take_act",
]
