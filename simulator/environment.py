"""What the process is told when it starts; everything that can change later is in `preferences`."""

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

INBOUND_PATH = "/webhooks/twilio/sms/"
WHATSAPP_INBOUND_PATH = "/webhooks/twilio/whatsapp/"
MAIL_INBOUND_PATH = "/webhooks/email/mailgun/inbound_mime/"
LOOPBACK = "127.0.0.1"
LOOPBACK_HOSTS = frozenset({LOOPBACK, "localhost", "::1"})


@dataclass(frozen=True)
class Environment:
    """One account, one product: whose credentials are accepted, and who is called.

    `mail_dir` is where the product's local outbox puts mail, as files; `mail_secret` signs what people answer.
    """

    host: str
    port: int
    data_dir: Path
    mail_dir: Path
    account_sid: str
    auth_token: str
    public_base_url: str
    mail_secret: str

    @property
    def inbound_url(self) -> str:
        """Where a person's text goes when her correspondent's number has no URL of its own."""
        return self.public_base_url + INBOUND_PATH

    @property
    def whatsapp_inbound_url(self) -> str:
        """The same for what she writes to a WhatsApp sender."""
        return self.public_base_url + WHATSAPP_INBOUND_PATH

    @property
    def mail_inbound_url(self) -> str:
        """The same for her mail, in the form that Mailgun has for whole messages: the address ends with `mime`."""
        return self.public_base_url + MAIL_INBOUND_PATH

    @property
    def own_url(self) -> str:
        """Where the product finds this process: for the addresses of media."""
        host = LOOPBACK if self.host in ("0.0.0.0", "::") else self.host  # noqa: S104 - compared, not bound
        return f"http://{f'[{host}]' if ':' in host else host}:{self.port}"

    def may_call(self, url: str) -> bool:
        """Whether a webhook may go there: the product's host and this machine, nothing beyond them."""
        host = urlsplit(url).hostname or ""
        return host in LOOPBACK_HOSTS or host == urlsplit(self.public_base_url).hostname


def read_environment(variables: Mapping[str, str] = os.environ) -> Environment:
    """Raises ValueError for a port that is not a number."""
    return Environment(
        host=variables.get("SIMULATOR_HOST", "127.0.0.1"),
        port=int(variables.get("SIMULATOR_PORT", "8002")),
        data_dir=Path(variables.get("DATA_DIR", ".data")) / "simulator",
        mail_dir=Path(variables.get("DATA_DIR", ".data")) / "mail",
        account_sid=variables.get("TWILIO_ACCOUNT_SID", "ACdec0de00000000000000000000000001"),
        auth_token=variables.get("TWILIO_AUTH_TOKEN", "demo-auth-token"),
        public_base_url=variables.get("PUBLIC_BASE_URL", "http://127.0.0.1:8000").rstrip("/"),
        mail_secret=variables.get("EMAIL_WEBHOOK_SECRET", "demo-mail-signing-key"),
    )
