"""`make bench`: how fast the product is, against bare pages that run beside it (docs/speed.md)."""
