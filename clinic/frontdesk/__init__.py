"""Front desk: pages of the desk; queries and views, no tables. No clinical content anywhere."""
