"""Numbers about the clinic as a whole: totals by week, never about one patient's health."""
