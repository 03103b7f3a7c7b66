"""The document families: reading printed goal tables into values."""
