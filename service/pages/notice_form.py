"""What the form of one's own notices holds: as typed, and the choice that it stands for."""

from collections.abc import Mapping
from dataclasses import dataclass

from flask_babel import gettext as _

from workflows.delivery.classes import NoticeClass
from workflows.delivery.endpoints import MAIL, SMS
from workflows.delivery.mobile import read_mobile
from workflows.delivery.quiet import SHIPPED, Quiet, read_quiet
from workflows.errors import FieldsInvalid
from workflows.store.preferences import Preference

URGENT = "urgent"
"""Beside the five classes: what is urgent, whatever its class; offered for text messages only."""
Pair = tuple[str, str]


@dataclass(frozen=True)
class NoticeForm:
    """The form: ticked (class, channel) pairs, quiet hours as typed, and a new mobile number as typed."""

    ticked: frozenset[Pair]
    quiet: bool
    quiet_from: str
    quiet_to: str
    days_off: bool
    morning: bool
    mobile: str = ""
    mobile_gone: bool = False

    def wants(self, of_class: str, channel: str) -> bool:
        """Whether a box is ticked."""
        return (of_class, channel) in self.ticked

    def choice(self, before: Preference) -> Preference:
        """Return what the form stands for; FieldsInvalid for hours or a number that are none, with the field."""
        mobile = "" if self.mobile_gone else read_mobile(self.mobile) if self.mobile else before.mobile
        by_sms = {pair for pair in self.ticked if pair[1] == SMS}
        if not (mobile or self.mobile_gone) and any(of_class != URGENT for of_class, _channel in by_sms):
            raise FieldsInvalid(_("要接收短信，请先填写手机号。"), field="mobile")
        unwanted = frozenset((each.value, MAIL) for each in NoticeClass if (each.value, MAIL) not in self.ticked)
        wanted = frozenset(pair for pair in self.ticked if pair[1] != MAIL and (mobile or pair[1] != SMS))
        return Preference(unwanted, wanted, self._quiet(), morning=self.morning, mobile=mobile)

    def _quiet(self) -> Quiet | None:
        if not self.quiet:
            return None
        try:
            return read_quiet(f"{self.quiet_from}-{self.quiet_to}", days_off=self.days_off)
        except FieldsInvalid as wrong:
            raise FieldsInvalid(_("免打扰的起止时间须是两个不同的时刻，如“21:00”到“08:00”。"), field="quiet") from wrong


def form_of(chosen: Preference) -> NoticeForm:
    """Return the form as it opens; who has given no number yet finds the urgent ones ticked."""
    quiet = chosen.quiet or SHIPPED
    ticked = {(each.value, MAIL) for each in NoticeClass} - chosen.unwanted | chosen.wanted
    return NoticeForm(
        frozenset(ticked if chosen.mobile else {*ticked, (URGENT, SMS)}), chosen.quiet is not None,
        f"{quiet.begins:%H:%M}", f"{quiet.ends:%H:%M}", quiet.days_off, chosen.morning,
    )  # fmt: skip


def posted_form(form: Mapping[str, str], offered: list[str]) -> NoticeForm:
    """Return the form as posted; only boxes of channels that are offered count."""
    pairs = [(each.value, name) for each in NoticeClass for name in offered]
    pairs += [(URGENT, SMS)] if SMS in offered else []
    return NoticeForm(
        frozenset(pair for pair in pairs if form.get(" ".join(pair))), bool(form.get("quiet")),
        form.get("quiet_from", "").strip(), form.get("quiet_to", "").strip(), form.get("days_off") == "1",
        form.get("morning") == "1", form.get("mobile", "").strip(), form.get("mobile_gone") == "1",
    )  # fmt: skip


def mobile_change(before: str, after: str) -> str:
    """Return what happened to a number: `set`, `changed`, `removed`, or nothing."""
    if before == after:
        return ""
    return "changed" if before and after else "set" if after else "removed"
