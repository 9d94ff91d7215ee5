"""The register and the lists: numbers stand here only as keyed digests, without an order."""

from sqlalchemy import Integer, LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column

from mvote.db import NO_ROWID, PeopleBase

MAC = LargeBinary(32)


class RegisterRow(PeopleBase):
    """What the city's register says of a person; ``birth_band`` is the first year of five.

    ``entry`` is the roll entry: the keyed digest of the city's own id of the person, and of
    the number where the city has none.
    """

    __tablename__ = "register"
    __table_args__ = NO_ROWID

    entry: Mapped[bytes] = mapped_column(MAC, primary_key=True)
    number_mac: Mapped[bytes | None] = mapped_column(MAC, unique=True)
    district: Mapped[str | None] = mapped_column(String(64))
    birth_band: Mapped[int | None] = mapped_column(Integer)
    gender: Mapped[str | None] = mapped_column(String(1))


class ListedRow(PeopleBase):
    """A number on a list."""

    __tablename__ = "listed"
    __table_args__ = NO_ROWID

    list: Mapped[str] = mapped_column(String(64), primary_key=True)
    number_mac: Mapped[bytes] = mapped_column(MAC, primary_key=True)
