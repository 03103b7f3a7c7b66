"""The verbs: what people and the system can do, one file per stage of a table's life."""
