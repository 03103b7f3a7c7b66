"""Who may do what, when, and why not: the steps, posts, segregation of duties, and what each step asks for."""
