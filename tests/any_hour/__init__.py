"""A world in which it is always a good time for a text: stories run at night and on Sundays too."""
