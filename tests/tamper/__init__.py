"""Tampering by the owner of the database, and what the verifier says to it."""
