"""Records: what a physician reads of a patient; queries and views, no tables."""
