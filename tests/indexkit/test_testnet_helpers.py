"""What the rehearsal on Hardhat's node is made of, as far as it needs no node."""

from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from threading import Thread

import pytest
import requests
from testnet import papers
from testnet.gate import Gate
from testnet.ledger import Taken, total
from testnet.operator import steps_in
from testnet.world import calldata

from indexkit.deployment.reading import read_declaration
from indexkit.localnet import addresses
from indexkit.steps import basket as baskets

OPERATOR, METHODOLOGIST = addresses.labelled("a"), addresses.labelled("b")


class Answering(BaseHTTPRequestHandler):
    """Answers each request with its body."""

    def do_POST(self) -> None:
        """Answer."""
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)


@pytest.fixture
def answering() -> Iterator[int]:
    """Run a server that answers; return its port."""
    server = HTTPServer(("127.0.0.1", 0), Answering)
    Thread(target=server.serve_forever, daemon=True).start()
    yield server.server_port
    server.shutdown()
    server.server_close()


def test_gate__shuts_after_so_many_requests(answering: int) -> None:
    """What passes is unchanged; then every request is broken off, also on a new connection."""
    gate = Gate(answering, requests=2)

    passed = [requests.post(gate.url, data=word, timeout=10).text for word in ("one", "two")]

    assert passed == ["one", "two"]
    for _ in range(2):
        with pytest.raises(requests.ConnectionError):
            requests.post(gate.url, data="three", timeout=10)
    gate.close()


def test_declaration__is_what_sepolia_s_file_asks_for(tmp_path: Path) -> None:
    """The file that users copy, with its blanks filled in, can be deployed from."""
    text = papers.declaration(OPERATOR, METHODOLOGIST)

    declared = read_declaration(papers.write(tmp_path / "mine.toml", text))

    (index,) = declared.indices
    assert (index.operator, index.methodologist) == (OPERATOR, METHODOLOGIST)
    assert [each.name for each in declared.protocol.governors] == [papers.GOVERNOR]


def test_basket__can_be_published(tmp_path: Path) -> None:
    """Step 1 of a rebalance takes it: equal weights of all declared components."""
    text = papers.declaration(OPERATOR, METHODOLOGIST)
    declared = read_declaration(papers.write(tmp_path / "mine.toml", text))
    prices = {"UNI": 10, "LINK": 12}

    read = baskets.parse(papers.basket(declared, OPERATOR, prices, now=1_795_000_000))

    assert {*read.method.weights().values()} == {5 * 10**17}
    assert {token.address for token in read.tokens} == {
        component.token for component in declared.indices[0].components
    }


def test_calldata__signatures() -> None:
    """A call by its signature: selector and arguments, none of which may be missing."""
    assert calldata("totalSupply()", ()).hex() == "18160ddd"
    called = calldata("transfer(address,uint256)", (OPERATOR, 7))
    assert called.hex() == "a9059cbb" + OPERATOR[2:].lower().rjust(64, "0") + f"{7:064x}"


def test_total__adds_up() -> None:
    """The table's last line is the sum of those above."""
    steps = [Taken("one", 1.5, 2, 30, 400), Taken("two", 2.5, 1, 10, 100)]

    assert total(steps) == Taken("total", 4.0, 3, 40, 500)


def test_steps_in__no_manifest_yet(tmp_path: Path) -> None:
    """Before its first write a deployment has no steps."""
    assert steps_in(tmp_path / "none.json") == {}
