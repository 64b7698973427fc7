"""Where every history starts: indices initialised, terms set, everybody with tokens."""

from invariants import draws
from invariants.attackers import MAX_UINT, ROUTERS, router_of
from invariants.market import EXCHANGE_OF, PAIR_OF, STOCK, TOKENS, TRADED
from invariants.system import INDEX_MODULES, ISSUERS, ZERO, System

WETH_STOCK = 10**23
BOUNDS = (5 * 10**16, 100 * 10**18, 200 * 10**18)
"""What the guard of alpha allows: deviation D18{1}, least liquidity and loss {wei}."""


def prepare(system: System) -> None:
    """Initialise the indices, set their terms, and give everybody tokens."""
    for index, module in INDEX_MODULES.items():
        system.do("issuance.initialize", index, ZERO, by="manager")
        settings = ("collector", draws.MOST_FEE, 0, 0)
        system.do("streaming_fee.initialize", index, settings, by="manager")
        system.do(f"{module}.initialize", index, by="manager")
        tokens, most = list(TRADED), [2**128] * len(TRADED)
        system.do(f"{module}.setTradeMaximums", tokens, most, by="manager")
        ids = [EXCHANGE_OF[token] for token in tokens]
        system.do(f"{module}.setExchanges", tokens, ids, by="manager")
        system.do(f"{module}.updateTraderStatus", ["trader"], [True], by="manager")
    for token in TOKENS:
        spenders = ("issuance", "balancer_proxy", *ROUTERS.values())
        for who in (*ISSUERS, "maker"):
            if who != "maker":
                quantity = WETH_STOCK if token == "weth" else STOCK // 10
                system.do(f"{token}.transfer", who, quantity, by="maker")
            for spender in spenders:
                system.do(f"{token}.approve", spender, MAX_UINT, by=who)
        if token != "weth":
            system.do(f"{PAIR_OF[token]}.approve", router_of(token), MAX_UINT, by="maker")
    system.do("guard.configure", "alpha_index", *BOUNDS, by="manager")
    system.do("alpha_index.setGuard", "guard", by="manager")
