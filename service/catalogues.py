"""The catalogue of a page's language, looked for once in a request and not at each of its words."""

from babel.support import NullTranslations
from flask import Flask, g
from flask_babel import Babel, Domain


class Catalogues(Domain):  # type: ignore[misc]
    """The catalogues of this application, by language; outside a request every word is its own translation."""

    def get_translations(self) -> NullTranslations:
        """Return the catalogue of the request's language."""
        kept: NullTranslations | None = g.get("catalogue") if g else None
        if kept is None:
            kept = super().get_translations()
            if g:
                g.catalogue = kept
        return kept


def install(app: Flask, babel: Babel) -> None:
    """Let the words of the code and those of the templates come from there."""
    babel.domain_instance = catalogues = Catalogues()
    app.jinja_env.install_gettext_callables(  # type: ignore[attr-defined]
        lambda words: catalogues.get_translations().ugettext(words),
        lambda *words: catalogues.get_translations().ungettext(*words), newstyle=True,
    )  # fmt: skip
