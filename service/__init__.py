"""Web, API and command line: a request becomes one verb, its answer HTML or JSON; `python3 -m service` starts here."""
