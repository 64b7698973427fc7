"""Whether what is on a chain is what was deployed, and what was declared: read only, no account."""
