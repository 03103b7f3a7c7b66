"""绩效目标审批台账的独立核对程序: checks a bundle of the Goaltrail ledger without trusting anybody who made it.

    python3 -I verify.py BUNDLE.zip [--anchor NOTE]... [--vkey VKEY]... [--mode production] [--table ID] [--json]
                      [--processes 1|2]

One file, Python 3.9 or later, standard library only; it shares no code with the product whose work it judges. It
writes the rules down anew: how a fact becomes bytes, how bytes become a tree, and which step was allowed to whom.

Exit code: 0 nothing was found changed · 1 tampered · 2 incomplete · 3 wrong usage. What was not checked is listed, and
nothing is concluded about it.

How to read it: 1 is evidence, what a bundle is made of: findings, signatures, notes, the tree, the zip, links and times.
2 is events: which kinds there are, what they name, which posts they give. 3 is the law of the house as tables. 4 is the
judge: the steps of a table's life under that law, a chapter for each family of steps, read stream by stream at its end.
5 compares with what the product shows, puts everything together and prints the verdict.
"""
