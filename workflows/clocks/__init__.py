"""What a table waits for, and what its clocks do while it is away."""
