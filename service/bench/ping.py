"""The least that the same web server can do: a page that says ok, and a list of so many rows and bytes."""

import os
from threading import local

import psycopg
from flask import Flask, render_template_string

from service.bench.statements import statement

PAGE = """<!doctype html><title>rows</title><table>{% for row in rows %}
<tr><td><a href="/{{ row[0] }}">{{ row[0] }}</a></td>
<td>{{ row[1] }}</td><td>{{ row[2] }}</td><td>{{ row[3] }}</td></tr>
{% endfor %}</table><!--{{ padding }}-->"""


def create_ping() -> Flask:
    """Return the application; it reads from the database that the environment names."""
    app, mine = Flask(__name__), local()
    address = os.environ["BENCH_RAW_URL"]

    @app.get("/ping")
    def ping() -> str:
        return "ok"

    @app.get("/rows/<int:number>/<int:size>")
    def rows(number: int, size: int) -> str:
        if not hasattr(mine, "connection"):
            mine.connection = psycopg.connect(address, autocommit=True)
        found = mine.connection.execute(statement("minimal page"), (number,)).fetchall()
        return render_template_string(PAGE, rows=found, padding="x" * max(0, size - number * 170))

    return app
