"""Who receives a letter: login, name and addresses of a person whose account is open."""

from dataclasses import dataclass

from workflows.delivery.endpoints import MAIL, SMS
from workflows.store.transaction import Transaction

RECEIVER = """
SELECT a.login, a.name, coalesce(a.email, '') AS email, coalesce(f.mobile, '') AS mobile
FROM desk.account a LEFT JOIN desk.notice_preference f USING (person) WHERE a.person = :person AND NOT a.disabled"""


@dataclass(frozen=True)
class Receiver:
    """A person as channels reach him."""

    login: str
    name: str
    email: str
    mobile: str

    def address_on(self, channel: str) -> str:
        """Return the address on a channel: mail address, mobile number, or the login known to the other side."""
        return {MAIL: self.email, SMS: self.mobile}.get(channel, self.login)


def receiver_of(tx: Transaction, person: str) -> Receiver | None:
    """Return a receiver, None where the account is closed or unknown."""
    row = tx.row(RECEIVER, person=person)
    return Receiver(**row) if row else None
