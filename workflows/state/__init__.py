"""What a table's state is made of: values that know nothing of how they came about."""
