"""A running web server with the made-up city, and a Chromium that shows Chinese and may speak to this machine only."""

import os
from collections.abc import Iterator
from importlib.resources import files
from pathlib import Path
from threading import Thread

import pytest
from werkzeug.serving import make_server

from tests.end_to_end.walking import Town
from tests.support.cluster import FAST, TEMPLATE, running_broker, running_cluster
from tests.support.web_city import planted

CHROMIUM = next((path for path in ("/usr/bin/chromium", "/usr/bin/chromium-browser") if os.access(path, os.X_OK)), None)
FONTS = """<?xml version="1.0"?><!DOCTYPE fontconfig SYSTEM "fonts.dtd"><fontconfig><dir>{fonts}</dir>
<dir>/usr/share/fonts</dir><cachedir>{cache}</cachedir></fontconfig>"""


@pytest.fixture(scope="session")
def town(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Town]:
    """The city behind a listening server of its own."""
    with running_cluster(**FAST) as cluster, running_broker() as broker:
        database = cluster.new_database(TEMPLATE)
        app = planted(database, tmp_path_factory.mktemp("data"), broker.redis_url)
        server = make_server("127.0.0.1", 0, app, threaded=True)
        thread = Thread(target=server.serve_forever, daemon=True)
        thread.start()
        made = Town(f"http://127.0.0.1:{server.server_port}", database, app.settings.anchors)
        yield made
        made.engine.dispose()
        server.shutdown()
        thread.join()
        app.extensions["engine"].dispose()


@pytest.fixture(scope="session")
def chromium(tmp_path_factory: pytest.TempPathFactory) -> Iterator[object]:
    """A headless Chromium; the tests that need it are skipped by name where the machine has none."""
    if CHROMIUM is None:
        pytest.skip("Chromium is not installed")
    playwright = pytest.importorskip("playwright.sync_api")
    folder: Path = tmp_path_factory.mktemp("fonts")
    fonts = files("pylopdf_fonts_zh_cn")
    (folder / "fonts.conf").write_text(FONTS.format(fonts=fonts, cache=folder / "cache"), encoding="utf-8")
    with playwright.sync_playwright() as running:
        browser = running.chromium.launch(
            executable_path=CHROMIUM, args=["--no-sandbox", "--disable-gpu"],
            env={**os.environ, "FONTCONFIG_FILE": str(folder / "fonts.conf")},
        )
        yield browser
        browser.close()
