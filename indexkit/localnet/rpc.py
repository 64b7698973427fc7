"""Raw JSON-RPC to a node: what building a state needs, without Ape."""

from typing import Any
from urllib.parse import urlsplit

import requests

from indexkit.errors import IndexkitError


class RpcError(IndexkitError):
    """A node answered with an error, or did not answer."""


def shown(url: str) -> str:
    """Return the part of an endpoint that is no secret: scheme and host, without path or login."""
    parts = urlsplit(url)
    port = f":{parts.port}" if parts.port else ""
    return f"{parts.scheme}://{parts.hostname}{port}"


class Rpc:
    """One kept-alive connection to a JSON-RPC endpoint.

    Parameters
    ----------
    url
        The endpoint.
    timeout
        Longest wait for one answer {s}.
    """

    def __init__(self, url: str, timeout: float = 60) -> None:
        self.url = url
        self._timeout = timeout
        self._session = requests.Session()

    def call(self, method: str, *params: Any) -> Any:
        """Call a method and return its result.

        Raises
        ------
        RpcError
            If the endpoint cannot be reached, or answers with an error.
        """
        request = {"jsonrpc": "2.0", "id": 1, "method": method, "params": list(params)}
        try:
            response = self._session.post(self.url, json=request, timeout=self._timeout)
            answer = response.json()
        except (requests.RequestException, ValueError) as error:
            reason = type(error).__name__
            raise RpcError(f"{shown(self.url)} did not answer {method} ({reason}).") from error
        if not isinstance(answer, dict) or "result" not in answer:
            details = answer.get("error") if isinstance(answer, dict) else answer
            message = details.get("message") if isinstance(details, dict) else details
            raise RpcError(f"{shown(self.url)} answered {method} with an error: {message}")
        return answer["result"]

    def close(self) -> None:
        """Close the connection."""
        self._session.close()
