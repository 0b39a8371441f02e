"""Public: pages that anybody may read, and the two that a machine asks.

Owns no tables. What a page claims stops at the allowed claims of the clinical reference (sections
e, f, h); each ends in one action. The medicine is called what `clinic.brand` allows.
"""
