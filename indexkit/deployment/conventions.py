"""What every deployment has in common: ids, names, and what an operator may do alone."""

NOBODY = "0x" + 20 * "00"

INTEGRATION_REGISTRY_ID = 0
"""The controller's resource id of the integration registry, by Set V2's convention."""

STREAMING_FEE_TYPE = 0
"""Of the controller's fees, the protocol's share of streaming fees; Set V2's convention too."""

BLOCKS_PER_DAY = 7_200
"""Blocks of 12 s in 24 hours, as Ethereum has had them since September 2022; some 6,500 before."""

GUARD_WINDOW_S = 1_800
"""Over at least which the guard takes its reference prices {s}."""

UNISWAP_V2, SUSHISWAP, BALANCER_V1 = "UniswapV2", "SushiSwap", "BalancerV1"

EXCHANGE_IDS = {UNISWAP_V2: 1, SUSHISWAP: 2, BALANCER_V1: 3}
"""Exchange ids of SingleIndexModule by their names in data/rebalances."""

INDEX_OPERATION = (
    "startRebalance",
    "startRebalanceWithDeadline",
    "cancelRebalance",
    "setTradeMaximums",
    "setExchanges",
    "setCoolOffPeriods",
    "updateTraderStatus",
    "updateAnyoneTrade",
)
GOVERNANCE_OPERATION = ("delegate", "propose", "register", "revoke", "vote")
"""What an operator may do alone, of SingleIndexModule and of GovernanceModule."""
