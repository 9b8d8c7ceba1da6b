"""Files of people: looked at first, then read in row by row."""
