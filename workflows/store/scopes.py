"""Who may see which rows: the one place that turns a person's scope (own, unit, department, bureau) into SQL."""

from workflows.rights.permissions import scope_of
from workflows.vocabulary import Actor, Role

VISIBLE = """
(t.owner = :person OR t.unit = ANY(:units) OR :is_system
 OR ((t.round > 0 OR (t.state -> 'appraisal') IS NOT NULL)
  AND (t.department = ANY(:departments) OR t.bureau = ANY(:bureaus)
  OR (t.unit = ANY(:covered) AND ARRAY[t.unit, t.department, t.bureau] && CAST(:covering AS text[])))))"""
"""The condition on `desk.table_standing t`; it says what permissions.may_read says."""
RECEIVED = "(t.round > 0 OR (t.state -> 'appraisal') IS NOT NULL)"


def visible_to(actor: Actor, received: str = RECEIVED) -> str:
    """Return VISIBLE without the cases that this person's posts leave empty, so that an index fits what is left."""
    if actor.holds(Role.SYSTEM):
        return "true"
    scope = scope_of(actor)
    mine = ["t.owner = :person"] + (["t.unit = ANY(:units)"] if scope.units else [])
    wide = ["t.department = ANY(:departments)"] if scope.departments else []
    wide += ["t.bureau = ANY(:bureaus)"] if scope.bureaus else []
    narrow = "(t.unit = ANY(:covered) AND ARRAY[t.unit, t.department, t.bureau] && CAST(:covering AS text[]))"
    wide += [narrow] if scope.covered else []
    among = [f"({received} AND ({' OR '.join(wide)}))"] if wide else []
    return f"({' OR '.join(mine + among)})"


def counted_for(actor: Actor) -> str:
    """Return the condition on tables that count in the person's statistics: by number also those still in drafting.

    A department is told how many tables of its units are not submitted yet, never which: lists ask `visible_to`.
    """
    return visible_to(actor, "true")


def scope_values(actor: Actor) -> dict[str, object]:
    """Return the values that VISIBLE asks for."""
    scope = scope_of(actor)
    return {
        "person": scope.person, "units": list(scope.units), "departments": list(scope.departments),
        "bureaus": list(scope.bureaus), "covered": list(scope.covered), "covering": list(scope.covering),
        "is_system": actor.holds(Role.SYSTEM),
    }  # fmt: skip
