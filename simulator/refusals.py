"""Twilio's error codes with its own words: what the REST API answers, and what a message can end with."""

from dataclasses import dataclass
from typing import Any

# code: (HTTP status, message); {0} is the value that was refused
REFUSALS: dict[int, tuple[int, str]] = {
    20001: (400, "Invalid parameter: {0}"),
    20003: (401, "Authenticate"),
    20004: (405, "Method not allowed"),
    20007: (400, "Page size must be between 1 and 1000"),
    20008: (403, "Resource not accessible with Test Account Credentials"),
    20009: (409, "The message is still under way"),
    20404: (404, "The requested resource {0} was not found"),
    20429: (429, "Too Many Requests"),
    21211: (400, "The 'To' number {0} is not a valid phone number."),
    21212: (400, "The 'From' number {0} is not a valid phone number, shortcode, or alphanumeric sender ID."),
    21408: (
        400,
        "Permission to send an SMS has not been enabled for the region indicated by the 'To' number: {0}.",
    ),
    21481: (400, "Invalid Page or PageToken"),
    21602: (400, "Message body is required."),
    21603: (400, "A 'From' phone number is required."),
    21604: (400, "A 'To' phone number is required."),
    21606: (
        400,
        "The 'From' phone number provided ({0}) is not a valid message-capable Twilio phone number for this"
        " destination.",
    ),
    21608: (400, "The number {0} is unverified. Trial accounts cannot send messages to unverified numbers."),
    21609: (400, "The 'StatusCallback' URL {0} is not a valid URL."),
    21610: (400, "Attempt to send to unsubscribed recipient"),
    21611: (400, "This 'From' number {0} has exceeded the maximum number of queued messages"),
    21612: (400, "Message cannot be sent with the current combination of 'To' ({0}) and 'From'"),
    21614: (400, "'To' number is not a valid mobile number: {0}"),
    21617: (400, "The concatenated message body exceeds the 1600 character limit"),
    21654: (400, "ContentSid Required"),
    21655: (400, "The ContentSid {0} is Invalid"),
    21656: (400, "The ContentVariables Parameter is invalid"),
    21701: (400, "The Messaging Service does not exist: {0}"),
    21703: (400, "The Messaging Service contains no phone numbers"),
    21910: (400, "Invalid From and To pair. From and To should be of the same channel"),
    30409: (400, "Message could not be canceled or redacted"),
    63007: (400, "Twilio could not find a Channel with the specified From address"),
    63016: (
        400,
        "Failed to send freeform message because you are outside the allowed window. If you are using WhatsApp, please"
        " use a Message Template.",
    ),
}

FAILURES: dict[int, str] = {
    21610: "Attempt to send to unsubscribed recipient",
    30001: "Queue overflow",
    30002: "Account suspended",
    30003: "Unreachable destination handset",
    30004: "Message blocked",
    30005: "Unknown destination handset",
    30006: "Landline or unreachable carrier",
    30007: "Message filtered",
    30008: "Unknown error",
    30034: "US A2P 10DLC - Message from an Unregistered Number",
    30036: "Validity Period Expired",
    63003: "Channel could not find To address",
    63013: "Channel policy violation",
    63016: "Failed to send freeform message because you are outside the allowed window",
    63021: "Channel invalid content error",
    63028: "Number of parameters provided does not match the expected number of parameters",
    63040: "Template rejected",
    63041: "Template paused",
    63042: "Template disabled",
    63049: "Meta chose not to deliver this WhatsApp marketing message",
}


@dataclass(frozen=True)
class Refusal:
    """Why a request is not done; `value` is what Twilio repeats in its message."""

    code: int
    value: str = ""

    @property
    def http_status(self) -> int:
        return REFUSALS.get(self.code, (400, ""))[0]

    def as_json(self) -> dict[str, Any]:
        """The four keys of Twilio's error answer; a code without an entry gets a plain message."""
        message = REFUSALS.get(self.code, (400, "Error {code}"))[1]
        return {
            "code": self.code,
            "message": message.replace("{0}", self.value).replace("{code}", str(self.code)),
            "more_info": f"https://www.twilio.com/docs/errors/{self.code}",
            "status": self.http_status,
        }


def failure_words(code: int | None) -> str | None:
    """What the message resource says beside its `error_code`."""
    return None if code is None else FAILURES.get(code, f"Error {code}")
