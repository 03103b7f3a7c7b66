"""The hands: they follow the log and act outside."""
