"""Audit: who did what, and who looked.

Owns AuditEvent, an append-only table, and `record()`. A change and its row are one transaction;
reads of a patient's record are written by the door (`@requires(..., audit=...)`) before the page.
Facts are ids and codes, never health text: `events.py` lists what each event may carry.
Owns AuditSeal and AuditChain as well: the worker seals rows in a chain (`chain.py`) that shows what
was changed behind the triggers' back. The log's pages say that something was done, never what.
"""
