"""Where a notice's link leads: to the page of what it speaks of. It opens, and never decides (features H8, H9)."""

from uuid import UUID

from flask import Blueprint, redirect, url_for
from flask.typing import ResponseReturnValue

from service.context import person, transaction
from service.pages.worklist import address_of
from workflows.errors import NotFound
from workflows.store.letters import letter_of, place_of

pages = Blueprint("links", __name__)


@pages.get("/n/<uuid:letter_id>")
def follow(letter_id: UUID) -> ResponseReturnValue:
    """Go where the work of one of my notices is done now; nobody else's notice is found."""
    letter = letter_of(transaction(), letter_id)
    if letter is None or letter["recipient"] != person().id:
        raise NotFound
    place = place_of(transaction(), letter)
    if place.node:
        return redirect(address_of(place.node, place.stream))
    if place.subject == "table":
        return redirect(url_for("tables.show", table_id=place.stream))
    if str(letter["kind"]).startswith(OF_CAMPAIGNS):
        return redirect(url_for("campaigns.show", campaign_id=place.stream))
    if place.subject == "document":
        return redirect(url_for("documents.show", document_id=place.stream))
    return redirect(url_for(ELSEWHERE.get(place.subject, "inbox.show")))


OF_CAMPAIGNS = ("campaign.", "reminder.campaign.")
ELSEWHERE = {"person": "covering.show", "reply": "reply_terms.show", "calendar": "calendars.show"}
"""Pages of what has no page of its own."""
