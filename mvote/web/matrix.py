"""The access matrix: who every route is open to, in one table.

A view is looked up by its name, which is its ``operationId``.  A view that is not here
stops the program from starting.
"""

from collections.abc import Mapping

from mvote.web.access import (
    Access,
    citizen,
    everyone,
    official,
    other_wing,
    permit_holder,
    refresher,
    signed_in,
)

MATRIX: Mapping[str, Access] = {
    # the process
    "show_health": everyone,
    "show_readiness": everyone,
    # between the wings
    "list_people_documents": other_wing("votes"),
    "list_votes_documents": other_wing("people"),
    # pages
    "design": everyone,
    "icon": everyone,
    "front": everyone,
    "show_poll": everyone,
    "show_result": everyone,
    "show_records": everyone,
    "show_record": everyone,
    "show_overdue": everyone,
    # signing in
    "check_phone": everyone,
    "enter_code": everyone,
    "sign_in_as_official": everyone,
    "refresh_tokens": refresher,
    "confirm_sign_in": official(),
    "sign_out": signed_in,
    "get_me": signed_in,
    # permits
    "get_eligibility": citizen,
    "take_permit": citizen,
    # polls
    "list_departments": everyone,
    "add_department": official("administrator"),
    "list_question_types": everyone,
    "list_counting_methods": everyone,
    "list_department_polls": official(),
    "draft_poll": official("drafter"),
    "get_draft": official(),
    "change_draft": official("drafter"),
    "approve_poll": official("approver", fresh=True),
    "open_poll": official("approver", fresh=True),
    "suspend_poll": official("approver", fresh=True),
    "resume_poll": official("approver", fresh=True),
    "close_poll": official("approver", fresh=True),
    "cancel_poll": official("approver", fresh=True),
    "list_polls": everyone,
    "get_poll": everyone,
    "get_qr_svg": everyone,
    "get_qr_png": everyone,
    "get_purge_statement": everyone,
    # ballots: boards
    "get_turnout": everyone,
    "list_board": everyone,
    "get_checkpoint": everyone,
    "get_all_leaves": everyone,
    "get_leaves": everyone,
    "get_consistency": everyone,
    # ballots: casting
    "cast_ballot": permit_holder,
    # ballots: complaints
    "file_complaint": permit_holder,
    "list_complaints": everyone,
    "get_complaint": everyone,
    "answer_complaint": official("approver", fresh=True),
    # ballots: levels
    "list_privacy_levels": everyone,
    # ballots: tiles
    "get_tlog_checkpoint": everyone,
    "get_tlog_entries": everyone,
    "get_tlog_tile": everyone,
    # records
    "list_records": everyone,
    "list_overdue_answers": everyone,
    "get_record": everyone,
    "give_answer": official("answerer"),
    "give_interim_answer": official("answerer"),
    "add_step": official("answerer"),
    "close_record": official("answerer"),
    # texts beside ballots
    "list_opinions": everyone,
    "list_opinion_pool": official("moderator"),
    "publish_opinion": official("moderator"),
    "hide_opinion": official("moderator"),
    # results
    "get_poll_result": everyone,
    "get_poll_result_table": everyone,
    "get_poll_ballots_table": everyone,
    "get_poll_bundle": everyone,
    "get_poll_open_tie": official("approver"),
    "decide_poll_tie": official("approver", fresh=True),
    "get_poll_running_count": everyone,
}
