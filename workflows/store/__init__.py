"""PostgreSQL: the ledger and the desk. The only package that speaks SQL.

`with begin(engine) as tx:` opens one transaction; `PostgresJournal(tx)` is the port that the verbs write through; every
query takes the same `tx` and is named by its question.
"""
