"""A keeper in a process of its own that kills itself at the point it is told to."""

import json
import os
import pickle
import signal
import sys
from pathlib import Path

import ape
from ape import project

from indexkit import documents
from indexkit.commands import quiet_ape
from indexkit.keeper import Contracts, Keeper
from indexkit.keeper.events import request
from indexkit.market import market_of


class Death:
    """Watches the journal, and kills this process without a warning.

    Parameters
    ----------
    what
        Kind of the line after which to do it; ``pending`` for an intent that is first handed to the
        node, which does not mine it; None for never.
    which
        ``for`` of the intent it belongs to, if that matters.
    """

    def __init__(self, what, which):
        self.what, self.which = what, which
        self.last = None

    def __call__(self, line):
        """Look at a line that was written."""
        if line["what"] == "intent":
            self.last = line["for"]
        if self.which not in (None, self.last):
            return
        if line["what"] == "intent" and self.what == "pending":
            request("eth_sendRawTransaction", line["raw"])
            os.kill(os.getpid(), signal.SIGKILL)
        if line["what"] == self.what:
            os.kill(os.getpid(), signal.SIGKILL)


def main(order):
    """Run the keeper; write its record."""
    with ape.networks.parse_network_choice("ethereum:mainnet-fork:foundry"), quiet_ape():
        contracts = Contracts(
            project.SetToken.at(order["token"], fetch_from_explorer=False),
            project.SingleIndexModule.at(order["module"], fetch_from_explorer=False),
            project.ExecutionGuard.at(order["guard"], fetch_from_explorer=False),
        )
        rebalance = pickle.loads(bytes.fromhex(order["rebalance"]))
        folder = Path(order["folder"])
        keeper = Keeper(
            contracts,
            rebalance,
            market_of(rebalance),
            ape.accounts.test_accounts[order["trader"]],
            folder,
            watch=Death(*order["death"]),
        )
        documents.write(folder / "6-execution.json", keeper.run().as_json())


main(json.loads(sys.argv[1]))
