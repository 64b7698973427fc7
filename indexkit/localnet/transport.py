"""Web3's requests to a node of this machine, without what a request to the internet takes.

`requests` looks through the environment for proxies, passwords and certificates each time, which
takes longer than a local node's answer.
"""

import threading
from http.client import HTTPConnection, HTTPException
from urllib.parse import urlsplit

from requests import HTTPError, Timeout
from requests.exceptions import ConnectionError as NotConnected
from urllib3.util.wait import wait_for_read
from web3 import HTTPProvider
from web3.types import RPCEndpoint

HEADERS = {"Content-Type": "application/json"}


class LocalTransport(HTTPProvider):
    """An HTTP provider that keeps one plain connection per thread.

    Parameters
    ----------
    url
        Of the node, ``http`` only.
    timeout
        Longest wait for an answer {s}.
    """

    def __init__(self, url: str, timeout: float) -> None:
        super().__init__(url, request_kwargs={"timeout": timeout})
        parts = urlsplit(url)
        self._place = (parts.hostname or "127.0.0.1", parts.port, timeout)
        self._path = parts.path or "/"
        self._kept = threading.local()

    def _make_request(self, method: RPCEndpoint, request_data: bytes) -> bytes:
        """Return the node's answer; nothing is sent twice, since it may have been done.

        Raises
        ------
        requests.RequestException
            There is no answer, or none of status 200.
        """
        try:
            connection = self._connection()
            connection.request("POST", self._path, request_data, HEADERS)
            response = connection.getresponse()
            content = response.read()
        except TimeoutError as error:
            self._drop()
            raise Timeout(f"{self.endpoint_uri} did not answer {method}.") from error
        except (OSError, HTTPException) as error:
            self._drop()
            raise NotConnected(f"{self.endpoint_uri} was lost at {method}: {error}") from error
        if response.status != 200:
            raise HTTPError(f"{self.endpoint_uri} answered {method} with {response.status}.")
        return content

    def _connection(self) -> HTTPConnection:
        """Return this thread's connection, another one if the node has closed it meanwhile."""
        kept: HTTPConnection | None = getattr(self._kept, "connection", None)
        if kept is not None and kept.sock is not None and wait_for_read(kept.sock, timeout=0):
            kept.close()
        if kept is None:
            host, port, timeout = self._place
            kept = self._kept.connection = HTTPConnection(host, port, timeout=timeout)
        return kept

    def _drop(self) -> None:
        self._kept.connection.close()
