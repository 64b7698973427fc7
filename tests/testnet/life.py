"""An index's life after its deployment: issued, rebalanced, voted with, redeemed."""

import json
from collections.abc import Iterable
from contextlib import redirect_stderr
from datetime import UTC, datetime
from io import StringIO

from indexkit.commands import connected, load_account
from indexkit.errors import IndexkitError
from indexkit.localnet import addresses
from indexkit.metagov.envelope import read_proposal
from indexkit.metagov.steps import PROPOSAL
from indexkit.safe import safe_at
from indexkit.signing import verify_pack
from testnet import papers
from testnet.papers import GOVERNOR
from testnet.stage import DEPLOYER, OWNERS, Stage
from testnet.world import ETHER, POOLS

ISSUED = 1_000 * ETHER
REDEEMED = 400 * ETHER
"""{set}"""

BLOCKS_PER_DAY = 7_200
SECONDS_PER_BLOCK = 86_400 // BLOCKS_PER_DAY
CIRCULATING = 4_000_000
"""INDEX, as the declaration states it."""


def check(stage: Stage, *more: str) -> None:
    """Have the deployment checked against sources, manifest and declaration."""
    stage.operator.run("check", *_deployment(stage), "--declaration", str(stage.declared), *more)


def hand_over(stage: Stage) -> None:
    """Give everything to whom it is declared for, and have the Safe accept what is offered."""
    out = ("--out", str(stage.folder / "handover"))
    offered = ("--account", DEPLOYER, "--declaration", str(stage.declared), "--yes", *out)
    stage.operator.run("handover", *_deployment(stage), *offered)
    stage.operator.run("handover", "accept", *_deployment(stage), *_signed_by(OWNERS))


def issue(stage: Stage) -> None:
    """Issue index tokens for components that the holder, the deployer, got."""
    token, module = stage.address("index.TWO.token"), stage.address("protocol.issuance")
    holder = stage.accounts[DEPLOYER]
    for component in stage.declaration.indices[0].components:
        amount = component.unit * ISSUED // ETHER
        transfer, approve = "transfer(address,uint256)", "approve(address,uint256)"
        stage.world.act(addresses.MARKET_MAKER, component.token, transfer, holder, amount)
        _call(stage, component.token, approve, module, str(amount))
    _call(stage, module, "issue(address,uint256,address)", token, str(ISSUED), holder)
    _require("index tokens issued", ISSUED, _balance(stage, token))


def redeem(stage: Stage) -> None:
    """Redeem index tokens, and compare what the holder gets with what the index says it holds."""
    token, module = stage.address("index.TWO.token"), stage.address("protocol.issuance")
    unit = "getDefaultPositionRealUnit(address)"
    due = {
        component.symbol: stage.world.ask(token, unit, "int256", component.token)
        * REDEEMED
        // ETHER
        for component in stage.declaration.indices[0].components
    }
    holder = stage.accounts[DEPLOYER]
    _call(stage, module, "redeem(address,uint256,address)", token, str(REDEEMED), holder)
    _require("index tokens left", ISSUED - REDEEMED, _balance(stage, token))
    for component in stage.declaration.indices[0].components:
        found = _balance(stage, component.token)
        _require(f"{component.symbol} redeemed", due[component.symbol], found)


def rebalance(stage: Stage) -> None:
    """Take the six steps to equal weights; the owners execute the pack in their wallets."""
    folder, token = stage.folder / "rebalance", stage.address("index.TWO.token")
    prices = {
        symbol: papers.WETH_PRICE_USD * pool.weth // pool.component
        for symbol, pool in POOLS.items()
    }
    now = stage.clock.now()
    basket = papers.basket(stage.declaration, token, prices, now)
    paper = papers.write(stage.folder / "basket.json", basket)
    day = datetime.fromtimestamp(now, UTC).date().isoformat()
    run = ("--run", str(folder))
    at = ("--network", stage.network)
    trader = ("--trader", stage.accounts[DEPLOYER])
    operator = stage.operator
    operator.run("rebalance", "weights", str(paper), *run, "--today", day)
    operator.run("rebalance", "verify", *run)
    module = stage.address("index.TWO.module")
    operator.run("rebalance", "params", *run, *at, "--module", module)
    operator.run("rebalance", "units", *run)
    operator.run("rebalance", "submit", *run, *at, *trader)
    sign_in_wallets(stage)
    operator.run("rebalance", "execute", *run, *at, "--account", DEPLOYER)
    execution = json.loads((folder / "6-execution.json").read_text())["content"]
    _require("rebalance finished", True, execution["finished"])
    _require("components traded", 2, len({trade["symbol"] for trade in execution["trades"]}))


def watch_prices(stage: Stage) -> None:
    """Have somebody show the guard the pools' prices, and let its window pass."""
    guard = stage.address("protocol.guard")
    weth, home = stage.declaration.venues.weth, stage.declaration.venues.uniswap
    pairs = [home.pair(each.token, weth) for each in stage.declaration.indices[0].components]
    stage.world.act(addresses.MARKET_MAKER, guard, "observe(address[])", pairs)
    stage.clock.pass_time(stage.declaration.protocol.guard_window_s)


def sign_in_wallets(stage: Stage) -> None:
    """Have the owners sign the pack, and one of them execute it."""
    pack = verify_pack(stage.folder / "rebalance")
    # Ape draws a bar while it waits.
    with connected(stage.network), redirect_stderr(StringIO()):
        owners = [load_account(alias) for alias in OWNERS]
        safe = safe_at(pack.state.safe)
        safe.execute(pack.transaction, safe.sign(pack.transaction, owners), owners[0])


def open_vote(stage: Stage) -> None:
    """Make the index's UNI count, and have holders of INDEX decide on a proposal of UNI's."""
    token, operator = stage.address("index.TWO.token"), stage.operator
    at = ("--network", stage.network)
    operator.run("metagov", "register", *at, "--index", token, "--fix", *_signed_by(OWNERS))
    number = propose(stage)
    signed = _signed_by([DEPLOYER])
    operator.run(
        *("metagov", "propose", *_voting(stage), "--index", token, *signed),
        *("--governor", GOVERNOR, "--proposal", str(number), "--title", "Rehearsal"),
        *("--vote-token", stage.address("dao.index_token"), "--strategy", "wallet"),
        *("--circulating", str(CIRCULATING), "--blocks-per-day", str(BLOCKS_PER_DAY)),
    )
    operator.run("metagov", "vote", *_voting(stage), "--choice", "for", *signed)


def close_vote(stage: Stage) -> None:
    """Let blocks and time pass until the vote has closed."""
    proposal = read_proposal(stage.folder / "vote" / PROPOSAL).message
    stage.clock.pass_blocks(proposal.terms.window.close - stage.clock.block(), SECONDS_PER_BLOCK)
    # Blocks that came by themselves were faster than the governor's.
    stage.clock.pass_time(max(1, proposal.end - stage.clock.now()))


def cast(stage: Stage) -> None:
    """Count, have the index vote as its holders decided, and count again."""
    stage.operator.run("metagov", "tally", *_voting(stage))
    stage.operator.run("metagov", "execute", *_voting(stage), *_signed_by(OWNERS))
    stage.operator.run("metagov", "verify", *_voting(stage))


def propose(stage: Stage) -> int:
    """Have a holder of UNI propose something in its governor; return the proposal's number."""
    maker, governor = addresses.MARKET_MAKER, addresses.UNISWAP_GOVERNOR
    stage.world.act(maker, addresses.UNI, "delegate(address)", maker)
    stage.clock.pass_blocks(2, SECONDS_PER_BLOCK)
    stage.world.act(
        *(maker, governor, "propose(address[],uint256[],string[],bytes[],string)"),
        *([addresses.UNI], [0], ["totalSupply()"], [b""], "Nothing"),
    )
    stage.clock.pass_blocks(2, SECONDS_PER_BLOCK)
    return int(stage.world.ask(governor, "proposalCount()", "uint256"))


def _call(stage: Stage, at: str, function: str, *arguments: str) -> None:
    """Make a call as the deployer."""
    words = (*arguments, "--at", at, "--network", stage.network, *_signed_by([DEPLOYER]))
    stage.operator.run("call", function, *words)


def _deployment(stage: Stage) -> tuple[str, ...]:
    """Return the options that name the network and what was deployed there."""
    return "--network", stage.network, "--manifest", str(stage.manifest)


def _voting(stage: Stage) -> tuple[str, ...]:
    """Return the options that name the network and the vote's folder."""
    return "--network", stage.network, "--folder", str(stage.folder / "vote")


def _signed_by(aliases: Iterable[str]) -> tuple[str, ...]:
    """Return the options that name accounts."""
    return tuple(word for alias in aliases for word in ("--account", alias))


def _balance(stage: Stage, token: str) -> int:
    return int(stage.world.ask(token, "balanceOf(address)", "uint256", stage.accounts[DEPLOYER]))


def _require(what: str, expected: object, found: object) -> None:
    if expected != found:
        raise IndexkitError(f"{what}: expected {expected}, found {found}.")
