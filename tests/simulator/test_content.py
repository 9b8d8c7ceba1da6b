"""The Content API as Twilio's own library sees it: a template is made, filed, approved and sent."""

from typing import Any

import pytest
from twilio.base.exceptions import TwilioRestException
from twilio.rest.content.v1.content import ContentInstance, ContentList
from twilio.rest.content.v1.content.approval_create import ApprovalCreateList

from simulator.templates import fault_of_words
from tests.simulator.stage import ACCOUNT, ANNA, INVITATION, PLATFORM, TOKEN, Simulator, until

WORDS = "Fir Labs would like to reach you on behalf of {{1}} about {{2}}. Please reply."


def create(simulator: Simulator, body: str = WORDS) -> ContentInstance:
    request = ContentList.ContentCreateRequest(
        {
            "friendly_name": "invitation_en",
            "language": "en",
            "variables": {"1": "Acme", "2": "Chemist"},
            "types": {"twilio/text": {"body": body}},
        }
    )
    return simulator.twilio.content.v1.contents.create(content_create_request=request)


def file(simulator: Simulator, sid: str, *, category: str = "UTILITY", name: str = "invitation_en") -> Any:
    request = ApprovalCreateList.ContentApprovalRequest({"name": name, "category": category})
    return simulator.twilio.content.v1.contents(sid).approval_create.create(content_approval_request=request)


def verdict(simulator: Simulator, sid: str) -> dict[str, Any]:
    found = simulator.twilio.content.v1.contents(sid).approval_fetch().fetch()
    return dict(found.whatsapp or {})


@pytest.mark.requirement("W4")
def test_the_library_makes_files_and_sends_a_template(simulator: Simulator) -> None:
    # given
    simulator.control("settings", approval_after_ms=200)
    made = create(simulator)
    assert (made.sid or "").startswith("HX")
    assert made.types == {"twilio/text": {"body": WORDS}}
    assert made.variables == {"1": "Acme", "2": "Chemist"}
    assert verdict(simulator, made.sid or "")["status"] == "unsubmitted"
    # when
    filed = file(simulator, made.sid or "")
    assert (filed.status, filed.category, filed.name) == ("pending", "UTILITY", "invitation_en")
    until(lambda: verdict(simulator, made.sid or "")["status"] == "approved", "the approval")
    simulator.twilio.messages.create(
        to=f"whatsapp:{ANNA}",
        from_=PLATFORM,
        content_sid=made.sid,
        content_variables='{"1": "Acme", "2": "Chemist"}',
    )
    # then
    words = WORDS.replace("{{1}}", "Acme").replace("{{2}}", "Chemist")
    until(lambda: simulator.arrived(f"whatsapp:{ANNA}") == [words], "the message")


def test_an_approval_may_take_until_the_clock_says_so(simulator: Simulator) -> None:
    # given
    simulator.control("settings", approval_after_ms=None)
    waits_for_ever = create(simulator).sid or ""
    file(simulator, waits_for_ever)
    simulator.control("settings", approval_after_ms=3_600_000)
    waits = create(simulator).sid or ""
    file(simulator, waits)
    assert verdict(simulator, waits)["status"] == "pending"
    # when
    simulator.control("clock", advance_s=3601)
    # then
    assert verdict(simulator, waits)["status"] == "approved"
    assert verdict(simulator, waits_for_ever)["status"] == "pending"


def test_the_library_fetches_and_lists(simulator: Simulator) -> None:
    # given
    made = [create(simulator).sid for _ in range(3)]
    # then
    assert simulator.twilio.content.v1.contents(made[0] or "").fetch().friendly_name == "invitation_en"
    listed = simulator.twilio.content.v1.contents.list(page_size=2)
    assert [each.sid for each in listed] == [INVITATION, *made]
    assert listed[1].date_created is not None


@pytest.mark.parametrize(
    "body",
    [
        "{{1}} would like to reach you.",
        "We write on behalf of {{1}}",
        "We write on behalf of {{1}} {{2}} to you.",
        "We write on behalf of {{1}}{{2}} to you.",
        "We write on behalf of {{1}} about {{3}} to you.",
        "We write on behalf of {{2}} to you.",
        "We write on behalf of {{name}} to you.",
        "We write\non behalf of {{1}} to you.",
        " ",
    ],
)
def test_words_that_whatsapp_does_not_take_are_refused(simulator: Simulator, body: str) -> None:
    with pytest.raises(TwilioRestException) as refusal:
        create(simulator, body)
    assert refusal.value.status == 400
    assert len(simulator.look("templates")["templates"]) == 1


@pytest.mark.parametrize("body", ["Hello.", "Hello {{1}}, {{2}} or {{1}}?", "{curly} {{1}}."])
def test_words_that_whatsapp_takes(body: str) -> None:
    assert fault_of_words(body) is None


@pytest.mark.parametrize("wrong", [{"category": "SERVICE"}, {"category": "utility"}, {"name": "An Invitation"}])
def test_a_request_for_approval_is_checked(simulator: Simulator, wrong: dict[str, str]) -> None:
    # given
    sid = create(simulator).sid or ""
    # then
    with pytest.raises(TwilioRestException) as refusal:
        file(simulator, sid, **wrong)
    assert refusal.value.status == 400
    assert verdict(simulator, sid)["status"] == "unsubmitted"


def test_a_template_is_filed_once_unless_it_was_rejected(simulator: Simulator) -> None:
    # given
    sid = create(simulator).sid or ""
    file(simulator, sid)
    with pytest.raises(TwilioRestException):
        file(simulator, sid)
    # when
    simulator.control("templates", sid=sid, status="rejected", rejection_reason="Too generic")
    # then
    assert verdict(simulator, sid)["rejection_reason"] == "Too generic"
    assert file(simulator, sid, category="MARKETING").status == "pending"
    assert verdict(simulator, sid)["rejection_reason"] == ""


def test_what_is_unknown_or_strange_is_refused(simulator: Simulator) -> None:
    path = "/v1/Content/HX" + "0" * 32
    auth = (ACCOUNT, TOKEN)
    for each in (path, f"{path}/ApprovalRequests", "/v1/Services"):
        assert simulator.http.get(each, auth=auth).json()["code"] == 20404
    assert simulator.http.post(f"{path}/ApprovalRequests/whatsapp", auth=auth, json={}).status_code == 404
    assert simulator.http.post("/v1/Content", auth=auth, content=b"no JSON").status_code == 400
    assert simulator.http.post("/v1/Content", auth=auth, json={"language": "en", "types": []}).status_code == 400
    assert simulator.http.get("/v1/Content").status_code == 401


def test_the_demos_invitation_is_approved_and_comes_back_with_a_reset(simulator: Simulator) -> None:
    # given
    simulator.control("templates", sid=INVITATION, status="paused")
    assert verdict(simulator, INVITATION)["status"] == "paused"
    # when
    simulator.control("reset")
    # then
    (invitation,) = simulator.look("templates")["templates"]
    assert (invitation["sid"], invitation["status"], invitation["category"]) == (INVITATION, "approved", "UTILITY")
    assert invitation["body"].startswith("SmartRecruiters would like to reach you on behalf of {{1}} about {{2}}.")
