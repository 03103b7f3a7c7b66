"""The steps of a table's life: what opens one, what must follow, what each event does."""
