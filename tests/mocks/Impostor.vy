# pragma version 0.4.3
"""
@title Impostor
@notice Says to be managed by a manager that manages something else.
"""

manager: public(address)
setToken: public(address)


@deploy
def __init__(_manager: address, _setToken: address):
    self.manager = _manager
    self.setToken = _setToken
