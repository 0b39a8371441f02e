"""A signed decision as its patient reads it: what was decided, whether it stands, what is next.

Owns no table: the note, the approval and the gate are read as they are now. Physicians read the
note itself (`screening`); the desk and the manager read neither. The page and the letter say the
same; nothing that was written for colleagues (findings, flags, ratings, private reasons, doses) is
handed to either.
"""
