"""Public: pages that anybody may read."""
