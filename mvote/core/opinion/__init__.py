"""Opinion pools: who agreed to which statements, which groups that makes, and what bridges them.

The method is that of Polis (Small, Bjorkegren, Erkkilä, Shaw and Megill, Polis: Scaling
Deliberation by Mapping High Dimensional Opinion Spaces, Recerca 26(2), 2021) as its server's
``polismath`` and red-dwarf carry it out: a matrix of votes, its first two principal components,
k-means in that plane with the number of groups by silhouette, statements that represent a group
by two-proportion tests, and group-aware consensus.  Counts and the order of bridging statements
are exact; positions and groups are estimates in floating point, the same on every run and for
every order of the votes.

The one part of the core that imports numpy; no recount needs it.
"""
