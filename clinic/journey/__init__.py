"""Journey: stories that cross features, each one function you can read top to bottom."""
