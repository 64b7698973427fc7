"""Where scenarios of an index house start: an index whose manager is to be a contract."""

from indexkit.localnet.artifacts import Artifact, artifact
from twins.guests import ISSUED
from twins.stage import ZERO, Stage
from twins.starts import INDEX

PACKAGE = "@setprotocol/index-coop-contracts"
"""Index Coop's contracts, which managed DPI."""

NOT_OPERATOR = "Must be operator"
NOT_METHODOLOGIST = "Must be methodologist"


def index_coop(path: str) -> Artifact:
    """Return a compiled contract of Index Coop, e.g. ``manager/ICManager``."""
    name = path.rsplit("/", 1)[-1]
    return artifact(f"{PACKAGE}/artifacts/contracts/{path}.sol/{name}.json")


def house(s: Stage) -> None:
    """Create the index with issuance, votes and rebalances, and issue; the fee is still to come."""
    modules = [s.issuance, s.streaming_fee, s.governance, s.index_module]
    s.create([getattr(s, name) for name in INDEX], list(INDEX.values()), modules)
    s.issuance.initialize(s.set, ZERO, by=s.manager)
    s.governance.initialize(s.set, by=s.manager)
    s.index_module.initialize(s.set, by=s.manager)
    s.supply(s.issuer, s.issuance, [*INDEX, "aave"], 10**24)
    s.issuance.issue(s.set, ISSUED, s.issuer, by=s.issuer)
