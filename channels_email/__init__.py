"""Writing by email."""
