"""A mail server that answers as a story wants: it takes, refuses, hangs up or falls silent at any step."""

import socket
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field

HANGS_UP, IS_SILENT = "hangs up", "is silent"
POLITE = {
    "EHLO": "250 mail.example",
    "MAIL": "250 2.1.0 Ok",
    "RCPT": "250 2.1.5 Ok",
    "DATA": "354 Go on",
    ".": "250 Ok",
}


@dataclass
class MailServer:
    """What it was told, step by step: `envelopes` are (sender, recipient), `mails` the words that arrived whole."""

    port: int
    answers: Mapping[str, str]
    envelopes: list[tuple[str, str]] = field(default_factory=list)
    mails: list[bytes] = field(default_factory=list)

    def serve(self, listening: socket.socket) -> None:
        while True:
            try:
                connection, _address = listening.accept()
            except OSError:
                return
            threading.Thread(target=self._talk, args=[connection], daemon=True).start()

    def _talk(self, connection: socket.socket) -> None:
        with connection, connection.makefile("rb") as lines:
            connection.sendall(b"220 mail.example\r\n")
            sender = ""
            for line in lines:
                step = line[:4].decode().strip().upper()
                address = line.decode().partition("<")[2].partition(">")[0]
                if step == "MAIL":
                    sender = address
                elif step == "RCPT":
                    self.envelopes.append((sender, address))
                if not self._answer(connection, step):
                    return
                if step == "DATA" and self._said("DATA").startswith("354"):
                    content = b"".join(iter(lambda: lines.readline(), b".\r\n"))
                    self.mails.append(content)
                    if not self._answer(connection, "."):
                        return

    def _said(self, step: str) -> str:
        return self.answers.get(step) or POLITE.get(step, "250 Ok")

    def _answer(self, connection: socket.socket, step: str) -> bool:
        """Whether the conversation goes on."""
        said = self._said(step)
        if said == IS_SILENT:
            connection.recv(1)  # until the other side has had enough
            return False
        if said == HANGS_UP:
            return False
        connection.sendall(said.encode() + b"\r\n")
        return True


@contextmanager
def mail_server(**answers: str) -> Iterator[MailServer]:
    """Answers by step: `EHLO`, `MAIL`, `RCPT`, `DATA`, and `END` for the one after the mail's last line."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        server = MailServer(
            listening.getsockname()[1], {{"END": "."}.get(step, step): said for step, said in answers.items()}
        )
        threading.Thread(target=server.serve, args=[listening], daemon=True).start()
        yield server
