"""An SMTP server on the loopback address that keeps what it gets and refuses whom it is told."""

from __future__ import annotations

import socket
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult, Envelope


class PostOffice:
    """*mails* are what was delivered; *answers* is what some addresses get instead of 250."""

    def __init__(self) -> None:
        self.mails: list[EmailMessage] = []
        self.answers: dict[str, str] = {}
        self.logins: list[Any] = []
        self._controller = Controller(
            self,
            hostname="127.0.0.1",
            port=free_port(),
            authenticator=self._log_in,
            auth_require_tls=False,
        )

    @property
    def url(self) -> str:
        return f"smtp://127.0.0.1:{self._controller.port}"

    def open(self) -> PostOffice:
        self._controller.start()
        return self

    def close(self) -> None:
        self._controller.stop()

    @property
    def to(self) -> list[str]:
        """Who got a mail, in order."""
        return [mail["To"] for mail in self.mails]

    async def handle_RCPT(
        self, _server: SMTP, _session: Any, envelope: Envelope, address: str, _options: Any
    ) -> str:
        answer = self.answers.get(address, "250 OK")
        if answer.startswith("250"):
            envelope.rcpt_tos.append(address)
        return answer

    async def handle_DATA(self, _server: SMTP, _session: Any, envelope: Envelope) -> str:
        mail = message_from_bytes(envelope.content or b"", policy=default)
        assert isinstance(mail, EmailMessage)
        self.mails.append(mail)
        return "250 OK"

    def _log_in(self, _server: Any, _session: Any, _envelope: Any, _way: str, given: Any) -> Any:
        self.logins.append((given.login, given.password))
        return AuthResult(success=True)


def free_port() -> int:
    with socket.socket() as asked:
        asked.bind(("127.0.0.1", 0))
        return int(asked.getsockname()[1])
