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
    "add_my_number": citizen,
    "begin_oidc_login": everyone,
    "finish_oidc_login": everyone,
    "add_my_subject": citizen,
    "return_from_provider": everyone,
    "sign_in_as_official": everyone,
    "ask_for_passkey": everyone,
    "sign_in_by_passkey": everyone,
    "begin_enrolment": everyone,
    "enrol_passkey": everyone,
    "refresh_tokens": refresher,
    "ask_for_own_passkey": official(),
    "confirm_sign_in": official(),
    "sign_out": signed_in,
    "get_me": signed_in.reading("self"),
    # officials: their own
    "list_own_passkeys": official().reading("self"),
    "begin_adding_passkey": official(fresh=True),
    "add_own_passkey": official(fresh=True),
    "remove_own_passkey": official(fresh=True),
    "list_own_sessions": official().reading("self"),
    "end_own_session": official(),
    "end_own_sessions": official(),
    # officials: who may what
    "list_officials": official("administrator", "auditor").reading("officials"),
    "get_official": official("administrator", "auditor").reading("officials"),
    "add_official": official("administrator", fresh=True),
    "change_official": official("administrator", fresh=True),
    "disable_official": official("administrator", fresh=True),
    "enable_official": official("administrator", fresh=True),
    "make_enrolment_link": official("administrator", fresh=True),
    "end_sessions_of_official": official("administrator", fresh=True),
    # what happened
    "list_people_happenings": official("auditor").reading("log"),
    "list_votes_happenings": official("auditor").reading("log"),
    # rolls
    "make_room": official("drafter", "roll-keeper"),
    "list_rooms": official("drafter", "roll-keeper").reading("drafts"),
    "change_room_password": official("drafter", "roll-keeper"),
    "close_room": official("drafter", "roll-keeper"),
    "enter_room": citizen,
    "count_audience": official("drafter", "approver", "roll-keeper"),
    # permits
    "get_eligibility": citizen.reading("self"),
    "take_permit": citizen,
    # polls
    "list_departments": everyone,
    "add_department": official("administrator"),
    "list_question_types": everyone,
    "list_counting_methods": everyone,
    "list_department_polls": official(own_department=True).reading("drafts"),
    "draft_poll": official("drafter"),
    "get_draft": official(own_department=True).reading("drafts"),
    "change_draft": official("drafter"),
    "approve_poll": official("approver", fresh=True, second=True),
    "open_poll": official("approver", fresh=True),
    "suspend_poll": official("approver", fresh=True),
    "resume_poll": official("approver", "drafter", fresh=True),
    "close_poll": official("approver", "drafter", fresh=True, second=True),
    "cancel_poll": official("approver", "drafter", fresh=True, second=True),
    "declare_outage": official("approver", "drafter", fresh=True),
    "write_note": official("approver", fresh=True),
    "list_pending_acts": official(own_department=True).reading("drafts"),
    "withdraw_act": official("approver", "drafter"),
    "copy_poll": official("drafter"),
    "save_template": official("drafter", "administrator"),
    "list_templates": official(own_department=True).reading("drafts"),
    "get_template": official(own_department=True).reading("drafts"),
    "delete_template": official("drafter", "administrator"),
    "draft_from_template": official("drafter"),
    "list_polls": everyone,
    "get_poll": everyone,
    "get_qr_svg": everyone,
    "get_qr_png": everyone,
    "get_purge_statement": everyone,
    # ballots: boards
    "get_turnout": everyone,
    "list_board": everyone.reading("ballots"),
    "get_checkpoint": everyone,
    "get_all_leaves": everyone.reading("ballots"),
    "get_leaves": everyone.reading("ballots"),
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
    "get_tlog_entries": everyone.reading("ballots"),
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
    "list_opinion_pool": official("moderator").reading("texts"),
    "publish_opinion": official("moderator"),
    "hide_opinion": official("moderator"),
    # results
    "get_poll_result": everyone,
    "get_poll_result_table": everyone,
    "get_poll_ballots_table": everyone.reading("ballots"),
    "get_poll_bundle": everyone.reading("ballots"),
    "get_poll_open_tie": official("approver"),
    "decide_poll_tie": official("approver", fresh=True),
    "get_poll_running_count": everyone,
}
