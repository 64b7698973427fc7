"""What people write for a rehearsal: the declaration, and the basket of the small rebalance."""

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from indexkit.deployment.declaration import Declaration
from indexkit.localnet import addresses
from indexkit.localnet.paths import ROOT

SEPOLIA = ROOT / "deployments" / "declared" / "sepolia.toml"
GOVERNOR = "UniswapGovernance"
WETH_PRICE_USD = 2_000


def declaration(safe: str, methodologist: str) -> str:
    """Return deployments/declared/sepolia.toml with its parties, and UNI's governor besides.

    Parameters
    ----------
    safe, methodologist
        Addresses: who owns the protocol and operates the index, and the second party.
    """
    text = SEPOLIA.read_text()
    for blank, filled in (
        ("the address of the second party", methodologist),
        ('operator = "deployer"', f'operator = "{safe}"'),
        ('owner = "deployer"', f'owner = "{safe}"'),
        ("governors = []", f'governors = ["{GOVERNOR}"]'),
    ):
        assert blank in text, f"{SEPOLIA.name} has no {blank!r}"
        text = text.replace(blank, filled)
    return (
        f"{text}\n[[governor]]\n"
        f'name = "{GOVERNOR}"\n'
        'adapter = "CompoundLikeGovernanceAdapter"\n'
        f'governor = "{addresses.UNISWAP_GOVERNOR}"\n'
        f'token = "{addresses.UNI}"\n'
    )


def basket(declared: Declaration, token: str, prices: dict[str, int], now: int) -> dict[str, Any]:
    """Return a basket of equal weights.

    Parameters
    ----------
    token
        Address of the index.
    prices
        Of its components {USD}, by symbol.
    now
        Time of the chain {s}.
    """
    (index,) = declared.indices
    weight = 1 / len(index.components)
    return {
        "name": "rehearsal",
        "index": index.symbol,
        "index_name": index.name,
        "token_address": token,
        "date": datetime.fromtimestamp(now, UTC).date().isoformat(),
        "rule": {"name": "given"},
        "weth_price_usd": str(WETH_PRICE_USD),
        "components": [
            {
                "symbol": each.symbol,
                "name": each.symbol,
                "address": each.token,
                "decimals": each.decimals,
                "price_usd": str(prices[each.symbol]),
                "weight": str(weight),
            }
            for each in index.components
        ],
    }


def write(path: Path, content: "str | dict[str, Any]") -> Path:
    """Write a paper, and return where."""
    path.write_text(content if isinstance(content, str) else json.dumps(content, indent=1))
    return path
