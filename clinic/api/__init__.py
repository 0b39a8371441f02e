"""Free times as JSON, for a clinic's own website or whoever else asks. Public data only.

Owns the shape of the answers, with FHIR's names where they fit (start, end, practitioner); what
is free is `scheduling`'s business. No room, no device, no reason and nobody's visit leaves here.
"""
