"""The catalogue of a page's language, looked for once in a request and not at each of its words."""

from functools import cache
from io import BytesIO
from pathlib import Path

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from babel.support import NullTranslations, Translations
from flask import Flask, g
from flask_babel import Babel, Domain, get_locale

ENGLISH = Path(__file__).with_name("translations") / "en" / "LC_MESSAGES" / "messages.po"


@cache
def english() -> Translations:
    """Return the English words, read from the text that people edit; what has none stays Chinese."""
    with ENGLISH.open("rb") as file:
        words = read_po(file, locale="en")
    compiled = BytesIO()
    write_mo(compiled, words)
    compiled.seek(0)
    return Translations(compiled)


class Catalogues(Domain):  # type: ignore[misc]
    """The catalogues of this application, by language; outside a request every word is its own translation."""

    def get_translations(self) -> NullTranslations:
        """Return the catalogue of the request's language."""
        kept: NullTranslations | None = g.get("catalogue") if g else None
        if kept is None:
            kept = english() if _reads_english() else super().get_translations()
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


def _reads_english() -> bool:
    locale = get_locale()
    return locale is not None and locale.language == "en"
