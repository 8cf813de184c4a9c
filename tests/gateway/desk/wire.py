"""A wire with an ear: passes on to the site whatever a browser sends, and keeps what comes back."""

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from urllib.parse import urlsplit


@dataclass
class Wire:
    """Its own address, and every byte the site has answered over it."""

    listener: socket.socket
    site: tuple[str, int]
    answered: bytearray = field(default_factory=bytearray)

    @property
    def address(self) -> str:
        host, port = self.listener.getsockname()
        return f"http://{host}:{port}"

    def run(self) -> None:
        with suppress(OSError):  # the listener is closed at the end
            while True:
                browser, _ = self.listener.accept()
                site = socket.create_connection(self.site)
                self._start(browser, site, None)
                self._start(site, browser, self.answered)

    def _start(self, near: socket.socket, far: socket.socket, kept: bytearray | None) -> None:
        threading.Thread(target=_pass_on, args=(near, far, kept), daemon=True).start()


def _pass_on(near: socket.socket, far: socket.socket, kept: bytearray | None) -> None:
    with suppress(OSError):
        while some := near.recv(65536):
            if kept is not None:
                kept += some
            far.sendall(some)
    for end in (near, far):
        with suppress(OSError):
            end.shutdown(socket.SHUT_RDWR)


@contextmanager
def wire_to(address: str) -> Iterator[Wire]:
    """A wire to the site at that address."""
    parts = urlsplit(address)
    listener = socket.create_server(("127.0.0.1", 0))
    wire = Wire(listener, (str(parts.hostname), int(parts.port or 80)))
    threading.Thread(target=wire.run, daemon=True).start()
    try:
        yield wire
    finally:
        listener.close()
