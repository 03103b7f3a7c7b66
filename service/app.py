"""Makes the web application: settings, protection, translation, filters, pages and the static files of the packages."""

import os
from hashlib import sha256
from pathlib import Path

import flask_bootstrap
import js_lib_htmx
from flask import Flask, request
from flask.typing import ResponseReturnValue
from flask_babel import Babel
from whitenoise import WhiteNoise

from service import catalogues, context, errors, present
from service.api import answering, routes
from service.config import Settings, read_settings
from service.pages import (
    access,
    account,
    accounts,
    acting,
    adjusting,
    appraising,
    assessing,
    attaching,
    audit,
    beginning,
    bulk,
    calendars,
    campaign_files,
    campaign_form,
    campaigns,
    commenting,
    covering,
    curves,
    dealings,
    deciding,
    definitions,
    differences,
    disclosing,
    document_parts,
    documents,
    drafting,
    efficiency,
    erasing,
    evaluating,
    executing,
    experts,
    grading,
    health,
    inbox,
    interface_guide,
    leaving,
    letters,
    library,
    links,
    monitoring,
    monitoring_sums,
    national_forms,
    notice_settings,
    notice_words,
    operation,
    operators_traces,
    packs,
    parsed_cells,
    printing,
    proposing,
    public,
    receipts,
    rectifying,
    referring,
    reorganising,
    reply_terms,
    replying,
    rescoring,
    sampling,
    signing,
    statistics,
    statistics_files,
    summing,
    tables,
    tokens,
    two_persons,
    uploading,
    worklist,
)
from service.security import protect
from workflows.store.transaction import make_engine

HERE = Path(__file__).parent
BOOTSTRAP = Path(flask_bootstrap.__file__).parent / "static" / "bootstrap5" / "css"
HTMX = Path(js_lib_htmx.__file__).parent / "static" / "htmx"
PAGES = (
    experts,
    appraising,
    signing, worklist, bulk, tables, differences, attaching, commenting, grading, two_persons, adjusting, covering,
    deciding,
    acting, beginning, drafting, library,
    monitoring, executing, monitoring_sums, curves, evaluating, rescoring, rectifying, sampling,
    replying, reply_terms, campaigns, campaign_form, campaign_files, definitions, packs, calendars,
    disclosing, accounts, public, documents, document_parts, uploading, parsed_cells, summing, national_forms,
    referring, proposing, reorganising, assessing, statistics, statistics_files, efficiency,
    inbox, account, access, leaving, operators_traces, erasing, audit, receipts,
    health, operation, tokens, interface_guide, printing,
    notice_settings, notice_words, letters, links, dealings,
)  # fmt: skip


class Web(Flask):
    """The application; every request runs in one transaction, kept if the view ends well and lost otherwise."""

    settings: Settings

    def dispatch_request(self) -> ResponseReturnValue:
        """Find out who asks, refuse strangers, and call the view inside the transaction."""
        answer = answering.answer if answering.is_for_programs(request) else context.answer
        return answer(super().dispatch_request)


def create_app(settings: Settings | None = None) -> Web:
    """Return the application for these settings, by default those of the process environment."""
    settings = settings or read_settings(os.environ)
    app = Web("service", static_folder=None)
    app.settings = settings
    app.extensions["engine"] = make_engine(settings.database_url, connections=6, name="goaltrail-web")
    protect(app, settings)
    app.config.update(BABEL_DEFAULT_LOCALE="zh_Hans_CN", BABEL_TRANSLATION_DIRECTORIES="translations")
    catalogues.install(app, Babel(app, locale_selector=context.language))
    present.install(app)
    context.install(app)
    errors.handle_errors(app)
    for each in PAGES:
        app.register_blueprint(each.pages)
    app.register_blueprint(routes.api)
    serve_static_files(app)
    return app


def serve_static_files(app: Web) -> None:
    """Serve our own few files, and Bootstrap, its icons and htmx straight from their packages."""
    noise = WhiteNoise(app.wsgi_app, root=HERE / "static", prefix="static/", max_age=86400)
    noise.add_file_to_dictionary("/static/bootstrap/bootstrap.min.css", str(BOOTSTRAP / "bootstrap.min.css"))
    noise.add_file_to_dictionary("/static/htmx/htmx.min.js", str(HTMX / "htmx.min.js"))
    noise.add_files(BOOTSTRAP / "font", prefix="static/icons/")
    places = {"bootstrap/": BOOTSTRAP, "icons/": BOOTSTRAP / "font", "htmx/": HTMX, "": HERE / "static"}
    known: dict[str, str] = {}

    def asset(name: str) -> str:
        if name not in known:
            start = next(prefix for prefix in places if name.startswith(prefix))
            content = (places[start] / name.removeprefix(start)).read_bytes()
            known[name] = f"/static/{name}?v={sha256(content).hexdigest()[:10]}"
        return known[name]

    app.jinja_env.globals.update(asset=asset)
    app.wsgi_app = noise  # type: ignore[method-assign]
