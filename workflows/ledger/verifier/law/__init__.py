"""The law of the house as tables: steps, powers, limits, definitions, amounts, colours, working days."""
