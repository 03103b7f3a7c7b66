"""A file of executed amounts read and held against the tables of whoever sends it; by page, program or command line."""

from workflows.errors import NotAllowed
from workflows.forms.execution_file import read_executions
from workflows.measures.execution_matching import Matching, matching
from workflows.state.executions import IMPORTING
from workflows.store.executing import known_tables
from workflows.store.transaction import Transaction
from workflows.vocabulary import Actor, Post


def posts_for(actor: Actor) -> tuple[Post, ...]:
    """Return the posts under which the person may take executed amounts in, widest first."""
    order = [role for role, _of in IMPORTING]
    held = (post for post in actor.posts if post.role in order)
    return tuple(sorted(held, key=lambda post: (order.index(post.role), post.organ)))


def post_for(actor: Actor, wanted: str = "") -> Post:
    """Return the post named `role:organ`, by default the widest one; NotAllowed where none is held."""
    held = posts_for(actor)
    found = next((post for post in held if wanted in ("", f"{post.role}:{post.organ}")), None)
    if found is None:
        raise NotAllowed("执行数须由单位财务、规划财务处或财政业务科、绩效科导入。", rule="R-ROLE")
    return found


def held_against(
    tx: Transaction, post: Post, data: bytes, *, amount_unit: str = "", day: str = "", year: int | None = None
) -> Matching:  # fmt: skip
    """Read a file and find each row's table among those of the post; DocumentUnreadable, FieldsInvalid."""
    file = read_executions(data, amount_unit=amount_unit, day=day, year=year)
    return matching(file, known_tables(tx, post.role, post.organ, file.year))
