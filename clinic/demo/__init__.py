"""The demo clinic: docs/clinic-example.yaml with about forty patients at every stage of the path.

Everything goes through the services that real people use, with the clock moved to the moment it
would have happened, so that the demo can only show what the product can do. From a fixed seed: two
demos made on the same day are alike. Never loaded outside demo mode.
"""
