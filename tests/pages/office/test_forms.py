"""Forms without a browser: what is sent, what is refused and kept, what is asked twice."""

import re
from zoneinfo import ZoneInfo

from flask import Flask
from werkzeug.datastructures import MultiDict

from mvote.pages.office.binding import Reading
from mvote.pages.office.fields import Field
from tests.makers import make_poll_draft
from tests.pages.office.desk import HERE, Desk, fault_beside, filled, text_of

LATER = "2035-03-04T09:30"


def _draft(desk: Desk, title: str = "다리") -> str:
    done = desk.do(
        "draft_from_template",
        p__template_id="yes-no",
        b__title__ko=title,
        b__title__en="Bridge",
        b__closes=LATER,
    )
    assert done.status_code == 200, text_of(done.text)
    found = re.search(r"p\.poll_id=([0-9a-z]{16})", done.text)
    assert found
    return found[1]


def test_a_draft_is_made_from_a_template_and_changed_in_a_form(desk: Desk) -> None:
    poll = _draft(desk)
    page = desk.form("change_draft", poll_id=poll)
    # In the zone of the city, as it was typed; the API keeps it in UTC.
    assert filled(page)["b.closes"] == LATER
    assert filled(page)["b.questions[0].id"] == "q1"
    # One more option, then the first of them taken away again: no script, nothing lost.
    more = desk.do("change_draft", page, _add="b.questions[0].options")
    assert filled(more.text)["b.questions[0].options[2]._"] == "1"
    fewer = desk.do("change_draft", more.text, _drop="b.questions[0].options[2]")
    assert fewer.status_code == 200
    wrong = desk.do("change_draft", fewer.text, b__title__en="", b__answer_days="soon")
    assert wrong.status_code == 422
    assert fault_beside(wrong.text, "b-title") == "영어 글을 적어 주십시오."
    assert fault_beside(wrong.text, "b.answer_days").endswith("정수를 적어 주십시오.")
    assert filled(wrong.text)["b.title.ko"] == "다리"
    assert filled(wrong.text)["b.answer_days"] == "soon"
    saved = desk.do("change_draft", wrong.text, b__title__en="The bridge", b__answer_days="45")
    assert "처리했습니다" in saved.text, text_of(saved.text)
    # The page that was read before knows an older revision, so it saves nothing.
    stale = desk.do("change_draft", page, b__title__en="Too late")
    assert stale.status_code == 412
    assert "다른 사람이 초안을 고쳤습니다" in stale.text
    assert filled(desk.form("change_draft", poll_id=poll))["b.title.en"] == "The bridge"


def test_a_deep_draft_is_sent_as_the_interface_takes_it(desk: Desk) -> None:
    """A draft of the API, drawn as a form and sent back untouched, is the same draft."""
    poll = _draft(desk)
    wanted = make_poll_draft(
        quarantine=[{"rule": "proof", "below": "register"}],
        outage={"extend": True, "most_seconds": 600},
    )
    token = desk.client.get_cookie("mvote-office", path="/office")
    assert token is not None
    headers = {"Authorization": f"Bearer {token.value}", "If-Match": '"1"'}
    address = f"/api/v1/polls/{poll}/draft"
    api = desk.app.test_client()
    assert api.put(address, json=wanted, headers=headers).status_code == 200
    before = api.get(address, headers=headers).get_json()["draft"]
    saved = desk.do("change_draft", desk.form("change_draft", poll_id=poll))
    assert "처리했습니다" in saved.text, text_of(saved.text)
    assert api.get(address, headers=headers).get_json()["draft"] == before


def test_an_audience_is_put_together_without_a_word_of_json(desk: Desk) -> None:
    poll, top = _draft(desk), "b.audience.all"
    page = desk.form("change_draft", poll_id=poll)
    assert filled(page)[f"{top}[0].condition"] == "verified-number"
    for place, kind in (
        (top, "district"),
        (top, "any"),
        (f"{top}[2].any", "declared.gender"),
        (f"{top}[2].any", "birth-year"),
        (f"{top}[2].any", "verified-resident"),
        (top, ""),
    ):
        page = desk.do("change_draft", page, _add=place, **{f"_kind.{place}": kind}).text
    page = desk.do("change_draft", page, _drop=f"{top}[2].any[2]").text
    typed: dict[str, object] = {
        f"{top}[1].any_of": "mapo\r\n용산",
        f"{top}[2].any[0].of.any_of": ["f", "x"],
        f"{top}[2].any[1].from": "1991",
    }
    refused = desk.do("change_draft", page, **typed)
    assert refused.status_code == 422
    assert "다섯 해 묶음의 첫 해" in fault_beside(refused.text, f"{top}[2].any[1].from")
    given = {f"{top}[2].any[1].from": "1990", f"{top}[2].any[0].of.any_of": ["f", "x"]}
    saved = desk.do("change_draft", refused.text, **given)
    assert "처리했습니다" in saved.text, text_of(saved.text)
    again = desk.form("change_draft", poll_id=poll)
    assert "이 투표의 대상 자치구: mapo, 용산." in text_of(again)
    sent = Reading(MultiDict(filled(again)), ZoneInfo("UTC"))
    audience = Field("audience", "audience", "audience", required=True)
    assert sent.audience(audience, "b.audience") == {
        "all": [
            {"condition": "verified-number"},
            {"condition": "district", "any_of": ["mapo", "용산"]},
            {
                "any": [
                    {"condition": "declared", "of": {"condition": "gender", "any_of": ["f", "x"]}},
                    {"condition": "birth-year", "from": 1990},
                ]
            },
        ]
    }


def test_what_cannot_be_undone_is_asked_twice_and_takes_two(city: Flask, desk: Desk) -> None:
    poll = _draft(desk, "둘이 결정하는 투표")
    second = Desk(city)
    second.sign_in("approver")
    page = second.form("approve_poll", poll_id=poll)
    assert "둘이 결정하는 투표" in page
    sure = second.do("approve_poll", page)
    assert sure.status_code == 200
    assert "되돌릴 수 없습니다" in sure.text
    back = second.do("approve_poll", sure.text, _back="1")
    assert "네, 처리합니다" not in back.text
    done = second.do("approve_poll", sure.text)
    assert "처리했습니다" in done.text, text_of(done.text)
    # The own draft: refused by the route itself, in the reader's language.
    own = desk.do("approve_poll", desk.form("approve_poll", poll_id=_draft(desk)))
    refused = desk.do("approve_poll", own.text)
    assert refused.status_code == 403
    assert "다른 공무원이 처리해야 합니다" in refused.text
    # The first asks to cancel; the second finds it in the inbox and confirms.
    page = desk.form("cancel_poll", poll_id=poll)
    missing = desk.do("cancel_poll", page)
    assert missing.status_code == 422
    reasons = {"b__reason__ko": "잘못 냈습니다.", "b__reason__en": "By mistake."}
    asked = desk.do("cancel_poll", desk.do("cancel_poll", missing.text, **reasons).text)
    assert "다른 담당자가 확인하면 처리됩니다" in asked.text, text_of(asked.text)
    inbox = second.get("/office").text
    [link] = re.findall(r'href="(/office/do/cancel_poll[^"]+)"', inbox)
    page = second.client.get(link.replace("&amp;", "&")).text
    cancelled = second.do("cancel_poll", second.do("cancel_poll", page).text)
    assert "처리했습니다" in cancelled.text, text_of(cancelled.text)


def test_an_old_sign_in_is_proved_again_in_the_same_form(city: Flask, desk: Desk) -> None:
    stale = _stale(desk)
    page = stale.form("add_department")
    assert "다시 확인해 주십시오" not in page
    page = stale.form("add_official")
    assert "다시 확인해 주십시오" in page
    typed = {"b__login": "park", "b__department": "roads", "b__duties": "auditor"}
    refused = stale.do("add_official", page, **typed)
    assert refused.status_code == 401
    assert filled(refused.text)["b.login"] == "park"
    wrong = stale.do("add_official", refused.text, **{"proof.password": "not this one"})
    assert wrong.status_code == 401
    assert "비밀번호가 맞지 않습니다" in wrong.text
    given = {"proof.password": "a long enough password"}
    done = stale.do("add_official", wrong.text, **given)
    assert "/officials/enrol#" in done.text, text_of(done.text)
    assert "a long enough password" not in done.text


def _stale(desk: Desk) -> Desk:
    """The same official, with tokens that were renewed and so are not fresh."""
    refresh = desk.client.get_cookie("mvote-office-refresh", path="/office")
    assert refresh is not None
    answer = desk.app.test_client().post(
        "/api/v1/tokens/refresh", headers={"Authorization": f"Bearer {refresh.value}"}
    )
    for name in ("access", "refresh"):
        kept = "mvote-office" if name == "access" else "mvote-office-refresh"
        desk.client.set_cookie(kept, answer.get_json()[name], path="/office")
    return desk


def test_only_acts_of_ones_duties_are_offered_and_the_route_refuses_all_others(
    city: Flask, desk: Desk
) -> None:
    second = Desk(city, lang="en")
    second.sign_in("approver")
    offered = second.get("/office/acts").text
    assert "/office/do/approve_poll" in offered
    assert "/office/do/draft_poll" not in offered
    assert "/office/do/add_official" not in offered
    refused = second.do("draft_from_template", p__template_id="yes-no")
    assert refused.status_code == 403
    assert "This needs the duty “drafter”" in refused.text
    assert second.get("/office/do/cast_ballot").status_code == 404
    assert second.get("/office/do/begin_adding_passkey").status_code == 404


def test_markup_and_long_texts_come_back_as_they_were_typed(desk: Desk) -> None:
    poll, markup = _draft(desk), '"><script>alert(1)</script>&amp;'
    page = desk.form("change_draft", poll_id=poll)
    long = "가" * 100_000
    answer = desk.do("change_draft", page, b__title__ko=markup, b__summary__ko=long)
    assert answer.status_code == 422
    assert "<script>alert" not in answer.text
    assert filled(answer.text)["b.title.ko"] == markup
    assert filled(answer.text)["b.summary.ko"] == long


def test_bad_addresses_numbers_and_json_are_told_at_their_fields(desk: Desk) -> None:
    name, deep = "b.audience", {}
    for _ in range(50):
        deep[f"{name}._"] = "any"
        name += ".any[0]"
    refused = desk.do("count_audience", **deep, **{f"{name}.condition": "verified-number"})
    assert refused.status_code == 422
    assert "3겹까지" in refused.text
    code = desk.get("/office/do/get_printed_code", **{"p.batch": "x", "p.serial": "no"})
    assert code.status_code == 422
    assert "올바른 모양이 아닙니다" in code.text
    assert (
        desk.post("/office/do/change_draft", {**HERE, "_drop": "b.x[99999999]"}).status_code == 403
    )
