"""Follow polls from approval to erasure; issue each eligible citizen one permit."""

from mvote.people.permits.service.copying import (
    LEFT_OUT,
    PollKeys,
    list_poll_keys,
    put_back_keys,
)
from mvote.people.permits.service.eligibility import (
    count_eligible,
    count_issued_by_day,
    get_eligibility,
)
from mvote.people.permits.service.erasing import erase_due, tidy
from mvote.people.permits.service.following import begin_issuing, follow_state, name_issuer
from mvote.people.permits.service.issuing import Permit, issue_permit, issue_scope_permit
from mvote.people.permits.service.keys import (
    check_keys,
    list_own_keys,
    list_without_issuer_key,
    replace_encryption_key,
)
from mvote.people.permits.service.order import order_due
from mvote.people.permits.service.restoring import lock_restored, tell_locked
from mvote.people.permits.service.scopes import (
    end_scope,
    end_scopes_due,
    name_scope_issuer,
    release_scopes,
)

__all__ = [
    "LEFT_OUT",
    "Permit",
    "PollKeys",
    "begin_issuing",
    "check_keys",
    "count_eligible",
    "count_issued_by_day",
    "end_scope",
    "end_scopes_due",
    "erase_due",
    "follow_state",
    "get_eligibility",
    "issue_permit",
    "issue_scope_permit",
    "list_own_keys",
    "list_poll_keys",
    "list_without_issuer_key",
    "lock_restored",
    "name_issuer",
    "name_scope_issuer",
    "order_due",
    "put_back_keys",
    "release_scopes",
    "replace_encryption_key",
    "tell_locked",
    "tidy",
]
