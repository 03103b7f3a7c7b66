"""What stands in a table and a document: rows, targets, amounts, places, and how two versions differ."""
