"""The Ape provider behind ``ethereum:mainnet-fork:foundry``: offline unless told otherwise."""

import os
from subprocess import Popen
from typing import Any, ClassVar

from ape.api import TestAccountAPI
from ape.exceptions import ContractLogicError, TransactionError, VirtualMachineError
from ape_foundry.provider import FoundryForkProvider
from eth_typing import HexStr
from hexbytes import HexBytes
from web3 import HTTPProvider, Web3
from web3.eth import Eth
from web3.gas_strategies.rpc import rpc_gas_price_strategy
from web3.main import get_default_modules
from web3.types import RPCEndpoint, TxParams, TxReceipt, _Hash32

from indexkit.errors import IndexkitError
from indexkit.localnet import addresses
from indexkit.localnet.anvil import AnvilNode
from indexkit.localnet.contract_types import keep_off_disk, register_placed
from indexkit.localnet.node import DevAccounts, start_node
from indexkit.localnet.process import exit_on_sigterm
from indexkit.localnet.rpc import Rpc, RpcError, shown
from indexkit.localnet.state import selected_market
from indexkit.localnet.transport import LocalTransport
from indexkit.localnet.upstream import Upstream

HOST_VARIABLE = "APE_FOUNDRY_HOST"
ATTACH_TIMEOUT_S = 15
RECEIPT_POLL_S = 0.002


class PromptEth(Eth):
    """The eth module for a local node: no pause of 100 ms for a receipt, and no race to mine.

    Attributes
    ----------
    asks_for_blocks
        Whether a block is asked for after each transaction: the node does not mine by itself.
    """

    asks_for_blocks = False

    def send_transaction(self, transaction: TxParams) -> HexBytes:
        """Have the node sign and send a transaction; see web3."""
        return self._mined(super().send_transaction(transaction))

    def send_raw_transaction(self, transaction: HexStr | bytes) -> HexBytes:
        """Send a signed transaction; see web3."""
        return self._mined(super().send_raw_transaction(transaction))

    def wait_for_transaction_receipt(
        self,
        transaction_hash: _Hash32,
        timeout: float = 120,
        poll_latency: float = RECEIPT_POLL_S,
    ) -> TxReceipt:
        """Wait for a receipt; see web3."""
        return super().wait_for_transaction_receipt(transaction_hash, timeout, poll_latency)

    def _mined(self, transaction: HexBytes) -> HexBytes:
        if self.asks_for_blocks:
            self.w3.provider.make_request(RPCEndpoint("evm_mine"), [])
        return transaction


class LocalnetProvider(FoundryForkProvider):
    """ape-foundry's fork provider on a node of our own.

    Without MAINNET_RPC_URL the node is the embedded chain of the selected market, with it a fork
    of that endpoint. Either way it is started here, listens on a port nobody else has (unless one
    is configured), and ends with this process. A node that runs already is used only if
    APE_FOUNDRY_HOST names it.
    """

    NAME: ClassVar[str] = "foundry"
    _test_accounts: ClassVar[dict[tuple[str, int], TestAccountAPI]] = {}

    process: Popen[bytes] | None = None
    _host: str | None = None
    _web3: Web3 | None = None
    _node: AnvilNode | None = None
    _upstream: Upstream | None = None
    _node_mines: bool = True

    @property
    def embedded(self) -> bool:
        """Whether the chain is the embedded one, and not a fork of a live node."""
        if self._node is not None:
            return self._upstream is None
        return len(self.get_code(addresses.MARKER)) > 0

    @property
    def is_connected(self) -> bool:
        """Whether our node, or the one attached to, is there."""
        return self._web3 is not None and (self._node is None or self._node.alive)

    @property
    def auto_mine(self) -> bool:
        """Whether a transaction is mined when it is sent, by the node or because we ask for it."""
        return self._eth.asks_for_blocks or bool(self.make_request("anvil_getAutomine", []))

    @auto_mine.setter
    def auto_mine(self, value: bool) -> None:
        if self._node_mines:
            self.make_request("anvil_setAutomine", [value])
        else:
            self._eth.asks_for_blocks = value

    @property
    def priority_fee(self) -> int:
        """Tip {wei/gas}: 0 unless configured, so that senders need no ether for gas."""
        fee: int = self.settings.priority_fee
        return fee

    def get_test_account(self, index: int) -> TestAccountAPI:
        """Return a funded account; deriving its key takes 2 ms, so it is done once."""
        key = (self.mnemonic, index)
        if key not in self._test_accounts:
            test_accounts = self.account_manager.test_accounts.containers["test"]
            self._test_accounts[key] = test_accounts.generate_account(index=index)
        return self._test_accounts[key]

    def connect(self) -> None:
        """Start the node and connect to it, or to the one that APE_FOUNDRY_HOST names.

        Raises
        ------
        IndexkitError
            If it cannot be started or does not answer, in one sentence.
        """
        if self.is_connected:
            return
        if host := os.environ.get(HOST_VARIABLE):
            _check_running(host)
            self._host = host
        else:
            self._upstream = Upstream.from_environment() or self._configured_upstream()
            port = self._configured_port()
            accounts = DevAccounts.of_ape()
            self._node = start_node(accounts, self._upstream, port, automine=port != 0)
            exit_on_sigterm()
            self.process = self._node.process
            self._host = self._node.url
        self._disconnected = False
        self._web3 = Web3(
            _transport(self._host, self.timeout),
            modules={**get_default_modules(), "eth": PromptEth},
        )
        self._web3.eth.set_gas_price_strategy(rpc_gas_price_strategy)
        self._node_mines = bool(self.make_request("anvil_getAutomine", []))
        self._eth.asks_for_blocks = not self._node_mines

    def _post_connect(self) -> None:
        """Tell Ape what lies where; it calls this once or more after connecting."""
        super()._post_connect()
        contracts = self.chain_manager.contracts
        keep_off_disk(contracts, read=not self.embedded)
        if self.embedded:
            register_placed(contracts, selected_market())

    def disconnect(self) -> None:
        """Stop the node."""
        self._web3 = None
        self._host = None
        self.process = None
        self.cached_chain_id = None
        self._disconnected = True
        if self._node is not None:
            self._node.stop()
            self._node = None

    def reset_fork(self, block_number: int | None = None) -> None:
        """Fork the live chain anew, at a block or at the latest.

        Raises
        ------
        IndexkitError
            On the embedded chain, which is no fork.
        """
        if self._upstream is None:
            raise IndexkitError(
                "The embedded chain cannot be forked anew; take a snapshot and restore it."
            )
        fork = Upstream(self._upstream.url, block_number)
        self.make_request("anvil_reset", [{"forking": fork.forking()}])

    def _configured_upstream(self) -> Upstream | None:
        if self._fork_config.upstream_provider is None:
            return None
        return Upstream(self.fork_url, self.fork_block_number)

    @property
    def _eth(self) -> PromptEth:
        eth = self.web3.eth
        assert isinstance(eth, PromptEth)
        return eth

    def _configured_port(self) -> int:
        """Return the port of ``foundry: host: http://127.0.0.1:PORT``, 0 for ``host: auto``."""
        self._host = None
        uri = self.uri
        if uri == "auto" or not self.settings.host:
            return 0
        if "127.0.0.1" not in uri and "localhost" not in uri:
            raise IndexkitError(
                f"foundry: host: {uri} in ape-config.yaml is another machine; "
                "the localnet runs on this one: use 'auto' or http://127.0.0.1:PORT."
            )
        return self._port or 0

    def _handle_execution_reverted(
        self, exception: Exception, revert_message: str | None = None, **kwargs: Any
    ) -> VirtualMachineError:
        """Return the error with its reason, without printing a trace for each expected revert."""
        reason = (revert_message or "").removeprefix("revert: ")
        if reason in ("", "0x"):
            reason = TransactionError.DEFAULT_MESSAGE
        error = ContractLogicError(base_err=exception, revert_message=reason, **kwargs)
        return self.compiler_manager.enrich_error(error)

    def _extract_custom_error(self, **kwargs: Any) -> str:
        """Return nothing: a revert without data has no custom error, and tracing it takes 40 ms."""
        return ""


def _transport(url: str, timeout: float) -> HTTPProvider:
    if url.startswith("http:"):
        return LocalTransport(url, timeout)
    return HTTPProvider(url, request_kwargs={"timeout": timeout})


def _check_running(host: str) -> None:
    rpc = Rpc(host, timeout=ATTACH_TIMEOUT_S)
    try:
        version, chain_id = rpc.call("web3_clientVersion"), rpc.call("eth_chainId")
    except RpcError as error:
        raise IndexkitError(
            f"{HOST_VARIABLE} names {shown(host)}, where nothing answers; "
            "start a node with 'ape run localnet', or unset the variable."
        ) from error
    finally:
        rpc.close()
    if not str(version).startswith("anvil") or chain_id != "0x1":
        raise IndexkitError(
            f"{HOST_VARIABLE} names {shown(host)}, which is no localnet "
            f"({version}, chain id {chain_id}); start one with 'ape run localnet', "
            "or unset the variable."
        )
