"""How long tasks take: the visits of tables at desks, in working time, and what they come to at each node (B13)."""
