"""The domain and the ledger: what the product knows, free of web and workers."""
