"""What a new file begins with, and that a file of a simulator without WhatsApp still opens."""

import sqlite3
from pathlib import Path

import pytest

from simulator.database import SCHEMA
from tests.simulator.stage import ANNA, PLATFORM, Product, Simulator, until

LIAM, SOPHIE = "+16135550160", "+31612345678"


def test_liam_has_already_written_and_sophie_has_not(own_simulator: Simulator, shared_product: Product) -> None:
    # then what the demo's description says lies on Liam's phone
    liam = own_simulator.phone(f"whatsapp:{LIAM}")
    assert [each["body"] for each in liam["sent"]] == ["Hi, is the position still open?"]
    assert [each["body"] for each in liam["received"]] == [
        "Northwind Robotics: Hi Liam, yes it is. Could we talk tomorrow?"
    ]
    # and nobody is told, now or when the list is read
    assert own_simulator.twilio.messages.list() == []
    assert shared_product.heard == []
    # and his window is open, while Sophie's is shut
    ends = {}
    for person in (LIAM, SOPHIE):
        sid = own_simulator.whatsapp(person)
        ends[person] = own_simulator.control("flush", message_sid=sid)["error_code"]
    assert ends == {LIAM: None, SOPHIE: 63016}
    # until 24 hours after he wrote, which was 40 minutes ago
    own_simulator.control("clock", advance_s=23.4 * 3600)
    sid = own_simulator.whatsapp(LIAM)
    assert own_simulator.control("flush", message_sid=sid)["error_code"] == 63016


def test_the_demo_begins_once(own_simulator: Simulator) -> None:
    # given
    own_simulator.control("reset", scope={"numbers": [LIAM]})
    own_simulator.control("numbers", number=PLATFORM, label="Renamed")
    # when
    own_simulator.kill()
    own_simulator.start()
    # then
    assert own_simulator.phone(f"whatsapp:{LIAM}")["messages"] == []
    senders = {each["number"]: each["label"] for each in own_simulator.look("numbers")["numbers"]}
    assert senders[PLATFORM] == "Renamed"


@pytest.fixture
def old_file(tmp_path: Path) -> Path:
    """A simulator's data from before WhatsApp, with one text in it."""
    later = ("content_sid", "parts", "whatsapp ", "read_receipts", "user_id", "number_withheld", "wa_id")
    lines = [line for line in SCHEMA.splitlines() if not line.strip().startswith(later)]
    old = "\n".join(lines).replace("DEFAULT 0,\n);", "DEFAULT 0\n);")
    (tmp_path / "simulator").mkdir()
    db = sqlite3.connect(tmp_path / "simulator" / "simulator.sqlite3", isolation_level=None)
    db.executescript(old)
    db.execute("INSERT INTO numbers VALUES ('+14155550100', 'Northwind Robotics', NULL, NULL, NULL)")
    db.execute("INSERT INTO phones VALUES (?, 'Anna B.', '+49 30 123487007', 0)", (ANNA,))
    db.execute(
        """INSERT INTO messages (sid, direction, sender, recipient, text, body, status, num_segments, num_media,
            created, updated, arrived) VALUES ('SM1', 'outbound-api', '+14155550100', ?, 'Hi', 'Hi', 'delivered', 1, 0,
            1, 1, 1)""",
        (ANNA,),
    )
    db.close()
    return tmp_path


def test_a_file_from_before_whatsapp_still_opens(old_file: Path, shared_product: Product) -> None:
    # when
    simulator = Simulator(old_file, shared_product.url)
    # then what was there is there
    try:
        assert simulator.arrived(ANNA) == ["Hi"]
        names = {each["number"]: each["name"] for each in simulator.look("phones")["phones"]}
        assert names[ANNA] == "Anna B."
        # and WhatsApp works
        simulator.write(ANNA)
        simulator.whatsapp(ANNA, body="By WhatsApp")
        until(lambda: simulator.arrived(f"whatsapp:{ANNA}") == ["By WhatsApp"], "the message")
        assert simulator.phone(f"whatsapp:{LIAM}")["sent"] != []
    finally:
        simulator.stop()
