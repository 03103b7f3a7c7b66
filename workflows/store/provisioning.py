"""The four roles of the database: who owns, who works, who seals, who reads; and the statements that set them up."""

from collections.abc import Mapping

from sqlalchemy import NullPool, create_engine, text

OWNER, APPLICATION, SEALER, AUDITOR = "gt_owner", "gt_app", "gt_sealer", "gt_audit"
ROLES = (OWNER, APPLICATION, SEALER, AUDITOR)
RETIRE_OWNER = "SELECT provisioning.retire_owner()"


def role_statements(passwords: Mapping[str, str]) -> list[str]:
    """Statements that make each role where it is missing and give it a password; safe to repeat.

    A password holds letters, digits, - and _ only (see service.embedded_postgres.new_password).
    """
    return [statement for role in ROLES for statement in (_make(role), _unlock(role, passwords[role]))]


def database_statements(database: str) -> list[str]:
    """Statements, run once beside the new database, that give it to the owner and let only the four roles in."""
    return [
        f"CREATE DATABASE {database} OWNER {OWNER} TEMPLATE template0",
        f"REVOKE ALL ON DATABASE {database} FROM PUBLIC",
        f"GRANT CONNECT ON DATABASE {database} TO {', '.join(ROLES)}",
    ]


def database_question(database: str) -> str:
    """A question whose answer holds the database's name if it exists already."""
    return f"SELECT datname FROM pg_catalog.pg_database WHERE datname = '{database}'"  # noqa: S608  a constant of ours


def provisioning_statements() -> list[str]:
    """Statements, run inside the database, for the one thing the owner may do as superuser: shut itself out."""
    return [
        "CREATE SCHEMA IF NOT EXISTS provisioning",
        (
            "CREATE OR REPLACE FUNCTION provisioning.retire_owner() RETURNS void LANGUAGE plpgsql SECURITY DEFINER "
            f"SET search_path = pg_catalog, pg_temp AS $$BEGIN ALTER ROLE {OWNER} NOLOGIN PASSWORD NULL; END$$"
        ),
        "REVOKE ALL ON FUNCTION provisioning.retire_owner() FROM PUBLIC",
        f"GRANT USAGE ON SCHEMA provisioning TO {OWNER}",
        f"GRANT EXECUTE ON FUNCTION provisioning.retire_owner() TO {OWNER}",
        "REVOKE ALL ON SCHEMA public FROM PUBLIC",
    ]


def _make(role: str) -> str:
    return (
        f"DO $$BEGIN IF NOT EXISTS (SELECT FROM pg_catalog.pg_roles WHERE rolname = '{role}') "
        f"THEN CREATE ROLE {role}; END IF; END$$"
    )


def _unlock(role: str, password: str) -> str:
    return (
        f"ALTER ROLE {role} LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOREPLICATION NOBYPASSRLS PASSWORD '{password}'"
    )


def retire_owner(owner_url: str) -> None:
    """Shut the owner out of the database, as the last statement of a release; the next start lets it in again."""
    with create_engine(owner_url, poolclass=NullPool).begin() as connection:
        connection.execute(text(RETIRE_OWNER))
