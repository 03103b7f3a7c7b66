"""决算: the approval of a year's final accounts, and the self-evaluations that are disclosed with them."""
