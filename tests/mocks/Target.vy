# pragma version 0.4.3
"""
@title Target
@license MIT
@notice Answers a call with exactly the bytes, the reason or the silence it is asked for.
"""


@external
@payable
@raw_return
def echo(_answer: Bytes[8192]) -> Bytes[8192]:
    return _answer


@external
def fail(_reason: String[256]):
    raise _reason


@external
def failWith(_answer: Bytes[8192]):
    raw_revert(_answer)


@external
def refuseEther():
    pass


@external
@payable
def __default__():
    pass
