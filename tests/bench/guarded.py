"""What a trade costs that the execution guard judges: ours only, the original has no guard."""

from ape import project
from twins.interface import interface
from twins.stage import Stage
from twins.trading import UNISWAP

from bench.meter import Announce
from bench.operations import ready_to_trade
from indexkit import deploy
from indexkit.localnet import addresses
from indexkit.localnet.artifacts import Artifact
from indexkit.localnet.pools import PAIR_CODE_HASHES

BETWEEN_TRADES_S = 600
"""A usual cool-off."""

TERMS = (2 * 10**16, 10**18, 10**24)
"""Largest deviation D18{1}, least liquidity {wei}, loss budget {wei}."""


def guarded(s: Stage, announce: Announce, n: int) -> None:
    """Sell and buy a second time, the prices known since before the first."""
    module = s.name("guarded", s.index_module.address, interface(_ours("SingleIndexModule")))
    guard = s.deploy(
        "guard",
        _ours("ExecutionGuard"),
        *(addresses.WETH, addresses.UNISWAP_V2_FACTORY, addresses.SUSHISWAP_FACTORY),
        *(bytes.fromhex(PAIR_CODE_HASHES[name]) for name in ("UniswapV2", "SushiSwap")),
        deploy.GUARD_WINDOW_S,
    )
    components = ready_to_trade(s, n)
    guard.configure(module, *TERMS, by=s.manager)
    module.setGuard(guard, by=s.manager)
    pairs = [guard.referencePair.peek(UNISWAP, one) for one in components[:3]]
    guard.observe(pairs, by=s.trader)
    s.advance(deploy.GUARD_WINDOW_S)
    module.trade(components[1], by=s.trader)
    for side, component in (("sell", components[0]), ("buy", components[2])):
        module.trade(component, by=s.trader)
        s.advance(BETWEEN_TRADES_S)
        announce(f"trade, {side}, repeat, guarded")
        module.trade(component, by=s.trader)


def _ours(kind: str) -> Artifact:
    contract_type = getattr(project, kind).contract_type
    abi = (
        one.model_dump(mode="json", exclude_none=True, by_alias=True) for one in contract_type.abi
    )
    code = contract_type.deployment_bytecode.bytecode.removeprefix("0x")
    return Artifact(kind, tuple(abi), bytes.fromhex(code))
