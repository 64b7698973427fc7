"""An index's life after its deployment: issued, rebalanced, voted with, redeemed."""

import json
from datetime import UTC, datetime

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

HOLDER = addresses.labelled("indexkit.testnet.holder")
"""Issues and redeems."""

UNLIMITED = 2**256 - 1
BLOCKS_PER_DAY = 7_200
SECONDS_PER_BLOCK = 86_400 // BLOCKS_PER_DAY
CIRCULATING = 4_000_000
"""INDEX, as the declaration states it."""


def hand_over(stage: Stage) -> None:
    """Have the IndexManager manage the index."""
    token, manager = (stage.address(f"index.TWO.{part}") for part in ("token", "manager"))
    stage.world.act(stage.accounts[DEPLOYER], token, "setManager(address)", manager)


def issue(stage: Stage) -> None:
    """Issue index tokens for components that the holder got."""
    token, module = stage.address("index.TWO.token"), stage.address("protocol.issuance")
    for component in stage.declaration.indices[0].components:
        amount = component.unit * ISSUED // ETHER
        transfer, approve = "transfer(address,uint256)", "approve(address,uint256)"
        stage.world.act(addresses.MARKET_MAKER, component.token, transfer, HOLDER, amount)
        stage.world.act(HOLDER, component.token, approve, module, UNLIMITED)
    stage.world.act(HOLDER, module, "issue(address,uint256,address)", token, ISSUED, HOLDER)
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
    stage.world.act(HOLDER, module, "redeem(address,uint256,address)", token, REDEEMED, HOLDER)
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
    with connected(stage.network):
        owners = [load_account(alias) for alias in OWNERS]
        safe = safe_at(pack.state.safe)
        safe.execute(pack.transaction, safe.sign(pack.transaction, owners), owners[0])


def vote(stage: Stage) -> None:
    """Have the holders of INDEX decide how the index votes on a proposal of UNI's governor."""
    folder = ("--folder", str(stage.folder / "vote"))
    at = ("--network", stage.network)
    owners = tuple(word for alias in OWNERS for word in ("--account", alias))
    token, operator = stage.address("index.TWO.token"), stage.operator
    operator.run("metagov", "register", *at, "--index", token, "--fix", *owners)
    number = propose(stage)
    operator.run(
        *("metagov", "propose", *at, *folder, "--index", token, "--account", DEPLOYER),
        *("--governor", GOVERNOR, "--proposal", str(number), "--title", "Rehearsal"),
        *("--vote-token", stage.address("dao.index_token"), "--strategy", "wallet"),
        *("--circulating", str(CIRCULATING), "--blocks-per-day", str(BLOCKS_PER_DAY)),
    )
    said = "metagov", "vote", *at, *folder, "--choice", "for", "--account", DEPLOYER
    operator.run(*said)
    close = read_proposal(stage.folder / "vote" / PROPOSAL).message.terms.window.close
    stage.clock.pass_blocks(close - stage.clock.block(), SECONDS_PER_BLOCK)
    operator.run("metagov", "tally", *at, *folder)
    operator.run("metagov", "execute", *at, *folder, *owners)
    operator.run("metagov", "verify", *at, *folder)


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


def _balance(stage: Stage, token: str) -> int:
    return int(stage.world.ask(token, "balanceOf(address)", "uint256", HOLDER))


def _require(what: str, expected: object, found: object) -> None:
    if expected != found:
        raise IndexkitError(f"{what}: expected {expected}, found {found}.")
