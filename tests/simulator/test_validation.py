"""What is refused at once, and with which code; the first reason wins."""

import pytest

from tests.simulator.stage import ANNA, OURS, Simulator

GOOD = {"To": ANNA, "From": OURS, "Body": "Hello"}
SERVICE = "MG" + "0" * 32


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"To": ""}, 21604),
        ({"To": "", "From": "", "Body": ""}, 21604),
        ({"From": ""}, 21603),
        ({"From": "", "Body": ""}, 21603),
        ({"Body": ""}, 21602),
        ({"Body": " \n "}, 21602),
        ({"Body": "a" * 1601}, 21617),
        ({"Body": "👍" * 801}, 21617),
        ({"ContentVariables": '{"1": "Acme"}'}, 21654),
        ({"ContentSid": "HX" + "0" * 32, "ContentVariables": "no JSON"}, 21656),
        ({"StatusCallback": "not a URL"}, 21609),
        ({"StatusCallback": "https://text_me.example.com/x"}, 21609),
        ({"StatusCallback": "https://single/x"}, 21609),
        ({"StatusCallback": "ftp://text.example.com/x"}, 21609),
        ({"To": "+1asd"}, 21211),
        ({"To": "4930123487007"}, 21211),
        ({"To": "+1415555014214155550142"}, 21211),
        ({"From": "+1-415"}, 21212),
        ({"To": f"whatsapp:{ANNA}"}, 21910),
        ({"To": f"whatsapp:{ANNA}", "From": f"whatsapp:{OURS}"}, 63007),
        ({"From": "+14155559999"}, 21606),
        ({"From": "Northwind"}, 21606),
        ({"To": OURS}, 21211),
        ({"From": "", "MessagingServiceSid": SERVICE}, 21703),
        ({"MessagingServiceSid": "MG12"}, 21701),
        ({"To": "+15005550001"}, 21211),
        ({"To": "+15005550002"}, 21612),
        ({"To": "+15005550003"}, 21408),
        ({"To": "+15005550004"}, 21610),
        ({"To": "+15005550009"}, 21614),
    ],
)
def test_a_bad_form_is_refused(simulator: Simulator, change: dict[str, str], code: int) -> None:
    # when
    answer = simulator.post(**{**GOOD, **change})
    # then
    assert (answer.status_code, answer.json()["code"]) == (400, code)
    assert answer.json()["status"] == 400
    assert answer.json()["more_info"].endswith(f"/{code}")
    assert simulator.look("messages")["messages"] == []


@pytest.mark.parametrize(
    "change",
    [
        {"Body": "a" * 1600},
        {"Body": "👍" * 800},
        {"StatusCallback": "http://localhost:9/x?m=1#rc=3&rp=all"},
        {"StatusCallback": "https://text.example.com/status"},
        {"To": "+431123456789"},
        {"To": "+441632960947"},
        {"To": "+33933761346"},
        {"From": "", "MessagingServiceSid": SERVICE},
    ],
)
def test_a_good_form_is_taken(simulator: Simulator, change: dict[str, str]) -> None:
    simulator.control("numbers", number="+14155550177", service=SERVICE)
    assert simulator.post(**{**GOOD, **change}).status_code == 201


def test_callbacks_to_this_machine_can_be_forbidden(simulator: Simulator) -> None:
    simulator.control("settings", local_callbacks=False)
    assert simulator.post(**GOOD, StatusCallback="http://127.0.0.1:9/x").json()["code"] == 21609


def test_facts_about_numbers_decide(simulator: Simulator) -> None:
    # given
    simulator.control("phones", number="+4930111111", name="A desk", landline=True)
    simulator.control("settings", closed_countries=["+7"])
    simulator.control("numbers", number="+14155559999")
    # then
    assert simulator.post(**{**GOOD, "To": "+4930111111"}).json()["code"] == 21614
    assert simulator.post(**{**GOOD, "To": "+79161234567"}).json()["code"] == 21408
    assert simulator.post(**{**GOOD, "From": "+14155559999"}).status_code == 201


def test_every_sender_can_be_ours(simulator: Simulator) -> None:
    simulator.control("settings", any_sender=True)
    assert simulator.post(**{**GOOD, "From": "+14155559998"}).status_code == 201


@pytest.mark.parametrize(
    ("sender", "code"),
    [("+15005550001", 21212), ("+15005550007", 21606), ("+15005550008", 21611), (OURS, 21606)],
)
def test_a_test_account_has_magic_senders(simulator: Simulator, sender: str, code: int) -> None:
    simulator.control("settings", test_account=True)
    assert simulator.post(**{**GOOD, "From": sender}).json()["code"] == code


def test_a_test_account_stores_nothing(simulator: Simulator) -> None:
    # given
    simulator.control("settings", test_account=True)
    # when
    answer = simulator.post(**{**GOOD, "From": "+15005550006"})
    # then
    assert answer.status_code == 201
    assert simulator.look("messages")["messages"] == []


def test_a_misspelt_rule_or_setting_is_refused(simulator: Simulator) -> None:
    assert simulator.http.post("/control/rules", json={"answer": {"type": "typo"}}).status_code == 400
    assert simulator.http.post("/control/rules", json={"anwser": {}}).status_code == 400
    assert simulator.http.post("/control/rules", json={"nth": "3", "answer": {"type": "busy"}}).status_code == 400
    assert simulator.http.post("/control/settings", json={"sent_after": 3}).status_code == 400


def test_a_page_of_another_site_may_not_control(simulator: Simulator) -> None:
    answer = simulator.http.post("/control/reset", headers={"Origin": "https://elsewhere.example"})
    assert answer.status_code == 403
