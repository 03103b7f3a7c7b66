"""A whole fiscal year in one command: made-up people, a virtual clock, the product's own verbs and workers."""
