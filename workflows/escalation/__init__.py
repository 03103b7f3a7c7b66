"""What a chain's ladder brings about when a task is late: who is told or let in, how it is said, what it leaves."""
