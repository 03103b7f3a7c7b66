"""The ledger's bytes: how a fact is written down and what is hashed, without any database."""
