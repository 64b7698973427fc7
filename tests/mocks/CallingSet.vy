# pragma version 0.4.3
"""
@title CallingSet
@notice A SetToken to the modules' eyes that is its own manager, and calls someone in the middle of each
        mint, whatever comes back (I-22).
"""

totalSupply: public(constant(uint256)) = 10**18
positionMultiplier: public(int256)
isPendingModule: public(HashMap[address, bool])
isInitializedModule: public(HashMap[address, bool])

target: address
data: Bytes[512]

succeeded: public(bool)
answer: public(Bytes[512])


@deploy
def __init__():
    self.positionMultiplier = 10**18


@external
@view
def manager() -> address:
    return self


@external
def addModule(_module: address):
    self.isPendingModule[_module] = True


@external
def initializeModule():
    self.isPendingModule[msg.sender] = False
    self.isInitializedModule[msg.sender] = True


@external
def callBack(_target: address, _data: Bytes[512]):
    """
    @notice Make this call in the middle of each mint; no target, no call.
    """
    self.target = _target
    self.data = _data


@external
def execute(_target: address, _data: Bytes[512]):
    """
    @notice Call as this SetToken, now.
    """
    raw_call(_target, _data)


@external
def mint(_account: address, _quantity: uint256):
    if self.target == empty(address):
        return

    self.succeeded, self.answer = raw_call(
        self.target, self.data, max_outsize=512, revert_on_failure=False
    )


@external
def editPositionMultiplier(_newMultiplier: int256):
    self.positionMultiplier = _newMultiplier
