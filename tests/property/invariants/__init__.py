"""The state machine of invariants: two SetTokens, who acts on them, and what must hold."""
