"""The register knows people by roll entries, of which a number is one kind

Officials sign in anew: their sign-ins do not say yet for which department.

Revision: 0002
Follows: 0001
"""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

MAC = sa.LargeBinary(length=32)


FACTS = "district, birth_band, gender"


def upgrade() -> None:
    _put_aside()
    op.create_table(
        "register",
        sa.Column("entry", MAC, nullable=False),
        sa.Column("number_mac", MAC, nullable=True),
        *_facts(),
        sa.PrimaryKeyConstraint("entry", name=op.f("pk_register")),
        sa.UniqueConstraint("number_mac", name=op.f("uq_register_number_mac")),
        sqlite_with_rowid=False,
    )
    op.execute(
        f"INSERT INTO register (entry, number_mac, {FACTS})"
        f" SELECT number_mac, number_mac, {FACTS} FROM register_kept ORDER BY number_mac"
    )
    op.drop_table("register_kept")
    op.execute("DELETE FROM families WHERE kind = 'official'")


def downgrade() -> None:
    _put_aside()
    op.create_table(
        "register",
        sa.Column("number_mac", MAC, nullable=False),
        *_facts(),
        sa.PrimaryKeyConstraint("number_mac", name=op.f("pk_register")),
        sqlite_with_rowid=False,
    )
    op.execute(
        f"INSERT INTO register (number_mac, {FACTS})"
        f" SELECT number_mac, {FACTS} FROM register_kept"
        " WHERE number_mac IS NOT NULL ORDER BY number_mac"
    )
    op.drop_table("register_kept")


def _put_aside() -> None:
    """A name of a constraint can stand once in a PostgreSQL database."""
    op.execute("CREATE TABLE register_kept AS SELECT * FROM register")
    op.drop_table("register")


def _facts() -> tuple[sa.Column[object], ...]:
    return (
        sa.Column("district", sa.String(length=64), nullable=True),
        sa.Column("birth_band", sa.Integer(), nullable=True),
        sa.Column("gender", sa.String(length=1), nullable=True),
    )
