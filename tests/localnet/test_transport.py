"""What a node's connection does when the node is slow, gone, or answers something else."""

import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from requests import HTTPError, Timeout
from requests.exceptions import ConnectionError as NotConnected

from indexkit.localnet.transport import LocalTransport


class Answers(BaseHTTPRequestHandler):
    """Answers each method as it is called: `slow` not at all, `gone` by hanging up, and so on."""

    protocol_version = "HTTP/1.1"

    def do_POST(self) -> None:
        """Answer a request."""
        request = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        method = request["method"]
        self.server.asked.append((method, self.client_address))
        if method == "slow":
            self.server.over.wait()
            return
        if method == "gone":
            self.close_connection = True
            return
        content = json.dumps({"jsonrpc": "2.0", "id": request["id"], "result": method}).encode()
        self.send_response(500 if method == "broken" else 200)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)
        self.close_connection = method == "last"

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@pytest.fixture
def node() -> Iterator[ThreadingHTTPServer]:
    """Serve on a port nobody else has."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), Answers)
    server.daemon_threads = True
    server.asked, server.over = [], threading.Event()
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield server
    server.over.set()
    server.shutdown()
    server.server_close()


@pytest.fixture
def transport(node: ThreadingHTTPServer) -> LocalTransport:
    """Connect to it."""
    return LocalTransport(f"http://127.0.0.1:{node.server_port}", 0.3)


def test_request__one_connection_for_all(transport, node):
    """Each answer belongs to its request; the connection is kept."""
    assert [transport.make_request(name, [])["result"] for name in ("a", "b", "c")] == list("abc")
    assert len({place for _, place in node.asked}) == 1


def test_request__connection_was_closed__asks_again(transport, node):
    """A node may close a connection after an answer: the next request opens another."""
    assert transport.make_request("last", [])["result"] == "last"
    assert transport.make_request("next", [])["result"] == "next"
    assert [method for method, _ in node.asked] == ["last", "next"]


def test_request__no_answer_in_time__is_not_sent_twice(transport, node):
    """What may have been done is not asked for again; the next request has its own answer."""
    with pytest.raises(Timeout, match="did not answer slow"):
        transport.make_request("slow", [])
    assert transport.make_request("next", [])["result"] == "next"
    assert [method for method, _ in node.asked] == ["slow", "next"]


def test_request__connection_lost_before_the_answer__is_not_sent_twice(transport, node):
    """What may have been done is not asked for again, and the next request is a new one."""
    with pytest.raises(NotConnected, match="was lost at gone"):
        transport.make_request("gone", [])
    assert transport.make_request("next", [])["result"] == "next"
    assert [method for method, _ in node.asked] == ["gone", "next"]


def test_request__refused__says_the_status(transport):
    """An answer that is no JSON-RPC is told by its status."""
    with pytest.raises(HTTPError, match="answered broken with 500"):
        transport.make_request("broken", [])


def test_request__node_is_gone__as_requests_says_it(transport, node):
    """Nobody listens: the exception is the one that Ape and web3 know."""
    node.shutdown()
    node.server_close()
    with pytest.raises(NotConnected):
        transport.make_request("a", [])
