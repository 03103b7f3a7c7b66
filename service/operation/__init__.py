"""How the installation runs, for whoever operates it: what is looked at, how it is judged, what to do about it."""
