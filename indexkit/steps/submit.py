"""Step 5: what the owners of the Safe sign, checked, simulated, and executed by it."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from indexkit import signing
from indexkit.errors import IndexkitError
from indexkit.signing.preflight import LIMITS, Limits, preflight
from indexkit.signing.simulation import simulate
from indexkit.signing.submission import execute, submission, verify_submission
from indexkit.steps import chain
from indexkit.steps.folder import Folder

if TYPE_CHECKING:
    from ape.api import AccountAPI

DEADLINE_S = 7 * 86_400
"""How long a rebalance may trade by default, from the state on {s}."""


def compose(
    folder: Folder, *, deadline_s: int, traders: Sequence[str], again: bool = False
) -> signing.Pack:
    """Write the signer pack and the submission that nobody has signed; needs no node.

    Parameters
    ----------
    deadline_s
        After which nothing trades, from the state on {s}; 0 for no end.
    traders
        Who becomes a trader with it.

    Raises
    ------
    IndexkitError
        A file of the run does not follow from those before it, or another pack is there.
    """
    checked = chain.check(folder, "units")
    content, state = checked.contents["units"], chain.state_of(folder).document()
    pack = signing.compose(content, state, deadline_s=deadline_s, traders=traders)
    if folder.has("submission"):
        _require_unsent(folder)
        if folder.document("submission")["content"].get("safe_tx_hash") == _hash(pack):
            # The same pack: what the chain said of it meanwhile stays.
            return signing.make_pack(folder.path, deadline_s=deadline_s, traders=traders)
    folder.write("submission", submission(pack, ()), again=again)
    return signing.make_pack(folder.path, deadline_s=deadline_s, traders=traders)


def rehearse(
    folder: Folder, *, signers: Sequence[str], traders: Sequence[str], limits: Limits = LIMITS
) -> dict[str, Any]:
    """Check the pack against the connected chain and, on a fork, simulate it.

    Parameters
    ----------
    signers, traders
        Addresses of those who will sign and trade.

    Returns
    -------
    dict
        The submission's content, with checks and simulation.

    Raises
    ------
    IndexkitError
        The pack is not what the run's files give, a check fails, or the transaction would.
    """
    pack = verified(folder)
    checks = preflight(pack, limits=limits, signers=signers, traders=traders)
    # A live network cannot simulate: what a fork of it said of this very pack stays.
    earlier = folder.document("submission")["content"].get("simulated")
    content = submission(pack, checks, simulate(pack) if _is_fork() else earlier)
    folder.update("submission", content)
    return content


def send(
    folder: Folder,
    signers: "Sequence[AccountAPI]",
    *,
    traders: Sequence[str],
    limits: Limits = LIMITS,
) -> dict[str, Any]:
    """Check, simulate, sign and execute the pack; what it did must be what was simulated.

    Parameters
    ----------
    signers
        Owners of the Safe, as many as it asks for; the first one pays the gas.

    Returns
    -------
    dict
        The submission's content.
    """
    _require_unsent(folder)
    addresses = [str(signer.address) for signer in signers]
    content = rehearse(folder, signers=addresses, traders=traders, limits=limits)
    pack = verified(folder)
    simulated, checks = content["simulated"], {"checks": content["checks"]}

    def keep(executed: Mapping[str, Any]) -> None:
        folder.update("submission", submission(pack, (), simulated, executed) | checks)

    executed = execute(pack, signers, signers[0], simulated, keep=keep)
    return submission(pack, (), simulated, executed) | checks


def verified(folder: Folder) -> signing.Pack:
    """Derive the pack again from the run's files, and compare pack and submission with it.

    Raises
    ------
    IndexkitError
        A figure differs: the component, the expected and the found one are named.
    """
    chain.check(folder, "units")
    pack = signing.verify_pack(folder.path)
    verify_submission(folder.document("submission")["content"], pack)
    return pack


def _hash(pack: signing.Pack) -> str:
    return "0x" + pack.hashes.transaction.hex()


def _require_unsent(folder: Folder) -> None:
    executed = folder.document("submission")["content"].get("executed")
    if executed is not None:
        place = executed.get("transaction") if isinstance(executed, dict) else executed
        raise IndexkitError(
            f"{folder.file('submission')}: was executed in {place}: go on with "
            f"'ape run rebalance execute --run {folder.path}'."
        )


def _is_fork() -> bool:
    import ape

    return bool(ape.chain.provider.network.is_dev)
