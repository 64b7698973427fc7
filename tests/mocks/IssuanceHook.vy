# pragma version 0.4.3
"""
@title IssuanceHook
@notice A pre-issue hook that remembers what it was told, and refuses or calls someone when asked to.
"""

setToken: public(address)
quantity: public(uint256)
sender: public(address)
to: public(address)

refuses: bool
target: address
data: Bytes[512]


@external
def refuse():
    self.refuses = True


@external
def callFirst(_target: address, _data: Bytes[512]):
    self.target = _target
    self.data = _data


@external
def invokePreIssueHook(_setToken: address, _issueQuantity: uint256, _sender: address, _to: address):
    assert not self.refuses, "Supply cap reached"
    if self.target != empty(address):
        raw_call(self.target, self.data)
    self.setToken = _setToken
    self.quantity = _issueQuantity
    self.sender = _sender
    self.to = _to
