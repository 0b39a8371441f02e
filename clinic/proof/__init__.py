"""The proof of the gate: every bypass tried with raw SQL, in a scratch copy, on the engine in use.

`facts` makes the smallest true story (one patient examined and approved, one not), `attempts` is
the list of bypasses, `run` tries them and compares the live database's guards with fresh ones.
`flask prove-gate` prints it: a page to show an inspector. The tests run the same list.
"""
