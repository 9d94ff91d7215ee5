"""What citizens agree to, declare and delete, where a permit hangs on it."""

from dataclasses import replace

from mvote.core.eligibility.declared import Declared
from tests.people.conftest import NUMBER, Phones
from tests.people.permits.conftest import VotesWing
from tests.people.permits.test_eligibility import ask, codes

BY_WORD = {"condition": Declared.name, "of": {"condition": "district", "any_of": ["mapo"]}}


def test_who_deletes_the_account_and_comes_back_gets_no_second_permit(
    phones: Phones, votes: VotesWing
) -> None:
    token, frozen = phones.sign_in()["access"], votes.open()
    first = phones.post(f"/polls/{frozen.poll}/permits", {}, token=token)
    [held] = phones.call("GET", "/me/data", token=token).json["permits"]
    assert held["poll"] == frozen.poll
    left = phones.call("DELETE", "/me", token=token).json
    assert [(one["what"], one["poll"]) for one in left["stays"]] == [("permit", frozen.poll)]
    token = phones.sign_in()["access"]
    assert ask(phones, frozen.poll, token)["permit"] == "issued"
    again = phones.post(f"/polls/{frozen.poll}/permits", {}, token=token)
    assert again.json == first.json, "the same permit, not another one"


def test_ones_own_word_opens_a_poll_that_takes_it(phones: Phones, votes: VotesWing) -> None:
    token, poll = phones.sign_in()["access"], votes.open(audience={"all": [BY_WORD]}).poll
    assert codes(ask(phones, poll, token)) == ["declared"]
    phones.call("PUT", "/me/consents/declaration", {"version": 1}, token=token)
    phones.call("PUT", "/me/declaration", {"district": "mapo"}, token=token)
    assert ask(phones, poll, token)["may_vote"]
    assert phones.post(f"/polls/{poll}/permits", {}, token=token).status_code == 200
    phones.call("DELETE", "/me/consents/declaration", token=token)
    assert codes(ask(phones, poll, token)) == ["declared"]


def test_a_city_that_asks_for_consent_gives_no_permit_without(
    phones: Phones, votes: VotesWing
) -> None:
    token, poll = phones.sign_in()["access"], votes.open().poll
    made = phones.app.extensions["mvote"]
    asking = replace(made, settings=replace(made.settings, consent_needed="yes"))
    phones.app.extensions["mvote"] = asking
    assert codes(ask(phones, poll, token)) == ["consent-needed"]
    refused = phones.post(f"/polls/{poll}/permits", {}, token=token)
    assert (refused.status_code, refused.json["code"]) == (403, "consent-needed")
    phones.call("PUT", "/me/consents/identification", {"version": 1}, token=token)
    assert phones.post(f"/polls/{poll}/permits", {}, token=token).status_code == 200
    assert NUMBER not in str(phones.call("GET", "/me/data", token=token).json)
