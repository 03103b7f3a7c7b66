"""What everything published as data has in common: its form, its faults, the remarks of its lint."""
