"""The economy of INDEX: who gets which of the ten million coins, when, and where they all are."""
