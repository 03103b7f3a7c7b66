"""移送: a violation seen at a table, handed to those who pursue it and read by few."""
