"""A gate before a node: what it is told and answers goes through, until the gate is shut."""

import contextlib
import selectors
import socket
import threading

CHUNK = 1 << 16


class Gate:
    """A port of this machine that leads to a node's, until so many requests have passed.

    Parameters
    ----------
    port
        Of the node, on 127.0.0.1.
    requests
        How many may pass; every later one, and every connection, is broken off.
    """

    def __init__(self, port: int, requests: int) -> None:
        self._port = port
        self._left = requests
        self._listener = socket.create_server(("127.0.0.1", 0))
        threading.Thread(target=self._serve, daemon=True).start()

    @property
    def url(self) -> str:
        """Where the gate is."""
        return f"http://127.0.0.1:{self._listener.getsockname()[1]}"

    def close(self) -> None:
        """Let nobody in any more."""
        self._listener.close()

    def _serve(self) -> None:
        with contextlib.suppress(OSError):
            while True:
                client, _ = self._listener.accept()
                threading.Thread(target=self._lead, args=(client,), daemon=True).start()

    def _lead(self, client: socket.socket) -> None:
        """Pass bytes on in both directions until one side ends or the gate is shut."""
        node = socket.create_connection(("127.0.0.1", self._port))
        with contextlib.suppress(OSError), client, node, selectors.DefaultSelector() as ready:
            other = {client: node, node: client}
            for side in other:
                ready.register(side, selectors.EVENT_READ)
            while True:
                for key, _ in ready.select():
                    side = key.fileobj
                    assert isinstance(side, socket.socket)
                    data = side.recv(CHUNK)
                    if side is client and data.startswith(b"POST"):
                        self._left -= 1
                    if not data or self._left < 0:
                        return
                    other[side].sendall(data)
