"""The page beside the phones: the provider's shop for numbers."""

from tests.simulator.stage import Simulator


def test_a_number_that_was_bought_is_the_accounts(simulator: Simulator) -> None:
    answer = simulator.http.post("/numbers", data={"number": "+1 (212) 555-0177", "label": "Fir Labs"})
    assert answer.status_code in {200, 303}
    assert "+1 212 555 0177" in simulator.http.get("/numbers").text


def test_what_is_no_number_is_refused_with_the_reason(simulator: Simulator) -> None:
    answer = simulator.http.post("/numbers", data={"number": "212 <b>", "label": ""})
    assert answer.status_code == 422
    assert "international code" in answer.text
    assert "<b>" not in answer.text.split("</form>")[0].split("<form")[1].replace("<b>+", "")


def test_the_pages_are_strict(simulator: Simulator) -> None:
    for path in ("/numbers", "/mail"):
        policy = simulator.http.get(path).headers["content-security-policy"]
        assert "script-src 'self'" in policy
        assert "unsafe" not in policy
