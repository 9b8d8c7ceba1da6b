"""Public forms: apply, join, agree. Who fills them in is not signed in."""
