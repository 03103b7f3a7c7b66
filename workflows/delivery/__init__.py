"""How notices reach people: their classes, words, quiet hours, channels and the letter of the morning."""
