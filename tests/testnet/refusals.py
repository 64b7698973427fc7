"""What goes wrong on a network: each time one sentence, status 1, and a way to go on."""

import time
from pathlib import Path
from typing import Any

from indexkit.errors import IndexkitError
from testnet import papers
from testnet.gate import Gate
from testnet.operator import LONGEST_S, steps_in
from testnet.stage import DEPLOYER, POOR, Stage

REQUESTS = 120
"""How many requests of a deployment the node answers before it is lost: it is at work by then."""


def wrong_terms(stage: Stage) -> None:
    """Be refused before anything is sent: another chain declared or named, nothing to pay with."""
    elsewhere = papers.write(
        stage.folder / "elsewhere.toml",
        stage.declared.read_text().replace("chain_id = 11155111", "chain_id = 1"),
    )
    other = stage.folder / "unsent.json"
    refused = stage.operator.refused
    refused(
        *stage.deploying(other, declaration=elsewhere),
        because="elsewhere is declared for chain id 1, the node's is 11155111",
    )
    mainnet = f"ethereum:mainnet:{stage.node.url}"
    refused(*stage.deploying(other, network=mainnet), because="does not match network chain ID '1'")
    refused(*stage.deploying(other, account=POOR), because="has 0.000000 ether")
    if steps_in(other):
        raise IndexkitError(f"{other} has steps, though nothing was to be sent.")


def lost_node(stage: Stage, manifest: Path) -> None:
    """Lose the node in the middle of a deployment."""
    gate = Gate(int(stage.node.url.rsplit(":", 1)[1]), REQUESTS)
    try:
        words = stage.deploying(manifest, network=f"ethereum:sepolia:{gate.url}")
        stage.operator.refused(*words, because="The node did not answer")
    finally:
        gate.close()


def lost_transactions(stage: Stage) -> None:
    """Have the chain forget a transaction before a step's, then have another take a step's nonce.

    Both times the same command says so; once the nonce is used, or the step signed again, it goes
    on. The chain is put back afterwards.
    """
    manifest, account = stage.folder / "lost.json", stage.accounts[DEPLOYER]
    words = stage.deploying(manifest, what="protocol")
    with stage.taken_back():
        with stage.taken_back():
            _use_nonce(stage, 0)
            with stage.clock.stopped():
                _killed_while_waiting(stage, manifest, words)
        stage.operator.refused(*words, because="transactions before it were dropped")
        _use_nonce(stage, 0)
        stage.operator.killed_after(manifest, 2, *words)
        with stage.clock.stopped():
            waiting = _killed_while_waiting(stage, manifest, words)
            stage.world.rpc.call("hardhat_dropTransaction", waiting["transaction"])
            _send_nothing(stage, waiting["nonce"])
        stage.operator.refused(*words, because=f"{account} took nonce {waiting['nonce']}")
        count = len(steps_in(manifest))
        stage.operator.killed_after(manifest, count + 1, *words, "--sign-again")


def _killed_while_waiting(stage: Stage, manifest: Path, words: tuple[str, ...]) -> dict[str, Any]:
    """Kill a deployment once its transaction waits at the node; return the step's record."""
    process = stage.operator.start(*words)
    deadline = time.monotonic() + LONGEST_S
    try:
        while process.poll() is None and time.monotonic() < deadline:
            for step in steps_in(manifest).values():
                waits = stage.world.rpc.call("eth_getTransactionByHash", step["transaction"])
                if step["status"] == "sent" and waits and waits["blockNumber"] is None:
                    return dict(step)
            time.sleep(0.05)
    finally:
        process.kill()
        process.communicate()
    raise IndexkitError("The deployment sent nothing that waits at the node.")


def _use_nonce(stage: Stage, nonce: int) -> None:
    """Have the deployer's wallet use a nonce for something else, and see it mined."""
    transaction = _send_nothing(stage, nonce)
    deadline = time.monotonic() + LONGEST_S
    while not stage.world.rpc.call("eth_getTransactionReceipt", transaction):
        if time.monotonic() > deadline:
            raise IndexkitError(f"{transaction} was not mined.")
        time.sleep(0.05)


def _send_nothing(stage: Stage, nonce: int) -> str:
    account = stage.accounts[DEPLOYER]
    stage.world.rpc.call("hardhat_impersonateAccount", account)
    request = {"from": account, "to": account, "nonce": hex(nonce)}
    return str(stage.world.rpc.call("eth_sendTransaction", request))
