"""What the law where the clinic stands asks beyond our own strictest rules: the profile.

Versions are only added. The gate asks under the newest; what was signed keeps its dates.
"""
