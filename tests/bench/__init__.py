"""`make bench`: how fast the product is, as ratios to bare pages that run beside it (docs/speed.md)."""
