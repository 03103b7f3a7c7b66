"""What is computed from a table: points, colours, progress, samples, tallies and rates."""
