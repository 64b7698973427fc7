# pragma version 0.4.3
"""
@title SetupModule
@notice A module that behaves as asked while IndexCreator sets it up (I-22, V-5).
"""

interface SetToken:
    def isPendingModule(_module: address) -> bool: view
    def initializeModule(): nonpayable
    def lock(): nonpayable

MAX_DATA: constant(uint256) = 4096

habit: String[32]

# What `reservedFor` answers; nothing at all, and it is not known.
reservation: Bytes[MAX_DATA]

target: address
data: Bytes[MAX_DATA]

succeeded: public(bool)
answer: public(Bytes[MAX_DATA])
received: public(Bytes[100])
caller: public(address)


@external
def adopt(_habit: String[32]):
    self.habit = _habit


@external
def reserve(_answer: Bytes[MAX_DATA]):
    self.reservation = _answer


@external
def callBack(_target: address, _data: Bytes[MAX_DATA]):
    """
    @notice Make this call in the middle of each set-up; without a target call the SetToken itself.
    """
    self.habit = "calls back"
    self.target = _target
    self.data = _data


@external
@raw_return
@view
def reservedFor() -> Bytes[MAX_DATA]:
    if self.habit == "fails to answer":
        raise "No answer"
    return self.reservation


@external
def removeModule():
    pass


@external
def __default__():
    """
    @notice Any function of one SetToken and anything more initialises.
    """
    set_token: address = convert(slice(msg.data, 4, 32), address)
    self.caller = msg.sender
    if len(msg.data) >= 100:
        self.received = slice(msg.data, 0, 100)
    if self.habit == "does nothing":
        return
    if self.habit == "reverts with a reason":
        raise "Not today"
    if self.habit == "reverts without reason":
        raw_revert(b"")
    if self.habit == "calls back":
        target: address = self.target
        if target == empty(address):
            target = set_token
        success: bool = False
        answer: Bytes[MAX_DATA] = b""
        success, answer = raw_call(target, self.data, max_outsize=MAX_DATA, revert_on_failure=False)
        self.succeeded = self.succeeded or success
        self.answer = answer
    if self.habit == "takes any call" and not staticcall SetToken(set_token).isPendingModule(self):
        return
    extcall SetToken(set_token).initializeModule()
    if self.habit == "locks":
        extcall SetToken(set_token).lock()
