"""The private keys of secret polls: unreadable at rest, gone at the end, never lost in silence."""

import secrets
import time
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select, text, update

from mvote.core.canonical import b64u
from mvote.db import engine, reading, transaction
from mvote.keys import KeyEncryption, NotOpened
from mvote.operations.issuing import check_issuing
from mvote.people.permits.service import keys, tidy
from mvote.people.permits.tables import IssuerKeyRow, PollRow
from mvote.settings import Settings, SettingsFault
from tests.commands import run_mvote
from tests.people.conftest import Phones, on_sqlite
from tests.people.permits.conftest import VotesWing
from tests.people.permits.voters import a_phone

FILE, GIVEN = "MVOTE_KEY_ENCRYPTION_KEY_FILE", "MVOTE_KEY_ENCRYPTION_KEY"


def sealed(poll: str) -> bytes | None:
    with reading("people") as session:
        return session.scalars(select(IssuerKeyRow.sealed).where(IssuerKeyRow.poll == poll)).one()


def kek(settings: Settings) -> Path:
    return settings.keys("people") / "key-encryption-key"


def take(phones: Phones, frozen: Any, token: str, voter: str = "somebody") -> tuple[int, str]:
    asked = a_phone(frozen, voter).request_permit()
    answer = phones.post(f"/polls/{frozen.poll}/permits", asked, token=token)
    return answer.status_code, answer.json.get("code", "")


def refused_start(settings: Settings) -> str:
    with pytest.raises(SettingsFault) as fault:
        check_issuing(settings)
    return str(fault.value)


# -- at rest ------------------------------------------------------------------------------


def test_the_key_is_encrypted_for_its_poll_with_a_key_that_is_not_in_the_database(
    votes: VotesWing, settings: Settings
) -> None:
    polls = [votes.freeze(level="secret") for _ in range(2)]
    encryption = KeyEncryption.of(settings)
    rows = [sealed(one.poll) or b"" for one in polls]
    about = [{"poll": one.poll, "kid": one.issuer[0].kid} for one in polls]
    opened = [encryption.open(row, about=one) for row, one in zip(rows, about, strict=True)]
    assert opened[0] != opened[1]
    assert all(
        raw not in row and raw[100:140] not in row for raw, row in zip(opened, rows, strict=True)
    )
    for wrong in (about[1], {**about[0], "kid": about[1]["kid"]}, {}):
        with pytest.raises(NotOpened):
            encryption.open(rows[0], about=wrong)
    assert kek(settings).stat().st_mode & 0o777 == 0o600
    assert len(kek(settings).read_text().strip()) == 43


@on_sqlite
@pytest.mark.parametrize("spoiled", [b"", b"short", bytes(12), bytes(60)])
def test_what_was_not_encrypted_here_is_not_opened(settings: Settings, spoiled: bytes) -> None:
    encryption = KeyEncryption.of(settings)
    encryption.make()
    with pytest.raises(NotOpened):
        encryption.open(spoiled, about={})


@on_sqlite
def test_no_poll_without_blind_permits_has_a_key_of_its_own(votes: VotesWing) -> None:
    votes.freeze()
    votes.freeze(level="open")
    with reading("people") as session:
        assert session.scalars(select(IssuerKeyRow)).all() == []


# -- the key that encrypts them -----------------------------------------------------------


def test_a_start_makes_the_key_once_and_keeps_it(votes: VotesWing, settings: Settings) -> None:
    check_issuing(settings)
    made = kek(settings).read_bytes()
    votes.freeze(level="secret")
    check_issuing(settings)
    assert kek(settings).read_bytes() == made


def test_a_lost_key_refuses_to_start_and_is_not_replaced(
    phones: Phones, votes: VotesWing, citizen: str, settings: Settings
) -> None:
    frozen = votes.freeze(level="secret")
    aside = settings.home / "aside"
    kek(settings).rename(aside)
    said = refused_start(settings)
    assert FILE in said
    assert str(kek(settings)) in said
    assert not kek(settings).exists()
    assert take(phones, frozen, citizen) == (503, "issuer-key-missing")
    aside.rename(kek(settings))
    check_issuing(settings)
    assert take(phones, frozen, citizen) == (200, "")


def _replace_by_another(path: Path) -> None:
    path.write_text(b64u(secrets.token_bytes(32)))


def _open_to_others(path: Path) -> None:
    path.chmod(0o644)


def _truncate(path: Path) -> None:
    path.write_text("AAAA")


def _make_binary(path: Path) -> None:
    path.write_bytes(b"\xff" * 32)


def _make_folder(path: Path) -> None:
    path.unlink()
    path.mkdir(mode=0o700)


SPOILS = (_replace_by_another, _open_to_others, _truncate, _make_binary, _make_folder)


@on_sqlite
@pytest.mark.parametrize("spoil", SPOILS)
def test_a_spoiled_key_refuses_to_start_and_loses_nothing(
    phones: Phones,
    votes: VotesWing,
    citizen: str,
    settings: Settings,
    spoil: Callable[[Path], None],
) -> None:
    frozen = votes.freeze(level="secret")
    good, stored = kek(settings).read_text(), sealed(frozen.poll)
    spoil(kek(settings))
    assert FILE in refused_start(settings)
    assert take(phones, frozen, citizen) == (503, "issuer-key-missing")
    assert sealed(frozen.poll) == stored
    if kek(settings).is_dir():
        kek(settings).rmdir()
    kek(settings).write_text(good)
    kek(settings).chmod(0o600)
    check_issuing(settings)
    assert take(phones, frozen, citizen) == (200, "")


@on_sqlite
def test_a_key_may_be_given_by_its_setting(votes: VotesWing, settings: Settings) -> None:
    votes.freeze(level="secret")
    given = replace(settings, key_encryption_key=kek(settings).read_text().strip())
    kek(settings).unlink()
    check_issuing(given)
    wrong = replace(settings, key_encryption_key=b64u(secrets.token_bytes(32)))
    assert refused_start(wrong).startswith(f"{GIVEN}:")
    malformed = replace(settings, key_encryption_key="not 32 bytes")
    said = refused_start(malformed)
    assert said.startswith(f"{GIVEN}:")
    assert "not 32 bytes" not in said


@on_sqlite
def test_no_setting_of_the_key_may_contradict_another(settings: Settings) -> None:
    for changes in (
        {"key_encryption_key": "A" * 43, "key_encryption_key_file": Path("key")},
        {"issuer_key_bits": 1024},
        {"issuer_key_bits": 2049},
    ):
        with pytest.raises(SettingsFault, match="MVOTE_"):
            replace(settings, **changes).check()  # type: ignore[arg-type]


@on_sqlite
def test_no_new_key_is_made_under_another_key_than_the_stored_ones(
    votes: VotesWing, settings: Settings
) -> None:
    """A poll that is approved meanwhile waits until the right key is back."""
    from mvote.people.permits.errors import IssuerKeyMissing

    votes.freeze(level="secret")
    good = kek(settings).read_text()
    _replace_by_another(kek(settings))
    with pytest.raises(IssuerKeyMissing):
        votes.approve(level="secret")
    kek(settings).write_text(good)
    votes.freeze(level="secret")
    check_issuing(settings)


@on_sqlite
def test_one_damaged_key_does_not_keep_the_others_from_issuing(
    phones: Phones,
    votes: VotesWing,
    citizen: str,
    settings: Settings,
    caplog: pytest.LogCaptureFixture,
) -> None:
    damaged, sound = votes.freeze(level="secret"), votes.freeze(level="secret")
    with transaction("people") as session:
        row = IssuerKeyRow.poll == damaged.poll
        session.execute(update(IssuerKeyRow).where(row).values(sealed=b"\1" * 1300))
    check_issuing(settings)
    assert damaged.poll in caplog.text
    assert take(phones, damaged, citizen) == (503, "issuer-key-missing")
    assert take(phones, sound, citizen) == (200, "")


@on_sqlite
def test_the_command_says_in_one_sentence_which_setting_is_wrong(
    votes: VotesWing, settings: Settings
) -> None:
    votes.freeze(level="secret")
    kek(settings).unlink()
    for command in (("serve", "--no-worker"), ("worker", "--once")):
        done = run_mvote(settings, *command)
        assert done.returncode == 2, done.stderr
        assert f"mvote: {FILE}: " in done.stderr
        assert "Traceback" not in done.stderr


@on_sqlite
def test_the_votes_side_needs_no_key_to_start(votes: VotesWing, settings: Settings) -> None:
    votes.freeze(level="secret")
    kek(settings).unlink()
    alone = replace(settings, people_database_url="", both_sides_here="yes")
    done = run_mvote(alone, "worker", "--once", "--side", "votes")
    assert "KEY_ENCRYPTION" not in done.stderr


# -- destroyed ----------------------------------------------------------------------------


@pytest.mark.parametrize("states", [("open", "closing"), ("open", "cancelled"), ("cancelled",)])
def test_the_private_key_is_destroyed_when_the_poll_ends(
    phones: Phones,
    votes: VotesWing,
    citizen: str,
    states: tuple[str, ...],
    settings: Settings,
) -> None:
    frozen, other = votes.freeze(level="secret"), votes.freeze(level="secret")
    assert take(phones, frozen, citizen)[0] == 200
    for state in states:
        assert sealed(frozen.poll) is not None
        assert votes.enter(frozen.poll, state) is None
    assert sealed(frozen.poll) is None
    assert sealed(other.poll) is not None
    assert take(phones, frozen, citizen)[0] == 409
    check_issuing(settings)


@on_sqlite
def test_a_poll_that_is_cancelled_before_freezing_loses_its_key_too(votes: VotesWing) -> None:
    poll = votes.approve(level="secret").poll
    assert sealed(poll) is not None
    votes.enter(poll, "cancelled")
    assert sealed(poll) is None


def test_a_signer_in_memory_signs_nothing_once_the_poll_has_ended(
    phones: Phones, votes: VotesWing, citizen: str
) -> None:
    """Another process than the one that heard of the end still has the key in memory."""
    frozen = votes.open(level="secret")
    assert take(phones, frozen, citizen)[0] == 200
    with transaction("people") as session:
        session.execute(update(PollRow).where(PollRow.id == frozen.poll).values(state="closing"))
    assert take(phones, frozen, citizen) == (409, "poll-closed")


@on_sqlite
def test_no_process_keeps_a_key_in_memory_for_long(
    phones: Phones, votes: VotesWing, citizen: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One that is asked nothing more would hold the key of a poll that was closed early."""
    monkeypatch.setattr(keys, "KEPT_SECONDS", 0.2)
    frozen = votes.open(level="secret")
    assert take(phones, frozen, citizen)[0] == 200
    kept = keys._ready[engine("people")]
    for _ in range(1200):
        if frozen.poll not in kept:
            break
        time.sleep(0.05)
    assert kept == {}
    assert take(phones, frozen, citizen)[0] == 200


def test_a_destroyed_key_signs_nothing_even_for_a_poll_that_seems_open(
    phones: Phones, votes: VotesWing, citizen: str, now: datetime
) -> None:
    frozen = votes.open(level="secret")
    votes.enter(frozen.poll, "closing")
    with transaction("people") as session:
        session.execute(update(PollRow).where(PollRow.id == frozen.poll).values(state="open"))
    assert take(phones, frozen, citizen) == (503, "issuer-key-missing")


@on_sqlite
def test_a_destroyed_key_is_off_the_disk(
    votes: VotesWing, settings: Settings, now: datetime
) -> None:
    frozen = votes.open(level="secret")
    row = sealed(frozen.poll) or b""
    votes.enter(frozen.poll, "closing")

    def on_disk() -> bool:
        files = [path.read_bytes() for path in settings.home.parent.glob("people.db*")]
        return any(row[at : at + 32] in file for file in files for at in range(0, 1200, 32))

    assert on_disk()
    tidy(now=now)
    assert not on_disk()


@pytest.mark.parametrize("database_urls", ["postgresql"], indirect=True)
def test_a_destroyed_key_is_in_no_page_of_its_table(votes: VotesWing, now: datetime) -> None:
    poll = votes.open(level="secret").poll

    def pages() -> tuple[Any, int]:
        with engine("people").connect() as connection:
            query = """
                SELECT pg_relation_filenode('issuer_keys'), pg_relation_size('issuer_keys')
                     + coalesce(pg_relation_size(reltoastrelid), 0)
                FROM pg_class WHERE relname = 'issuer_keys'
                """
            file, size = connection.execute(text(query)).one()
            return file, int(size)

    before = pages()
    votes.enter(poll, "closing")
    assert tidy(now=now) == 1
    after = pages()
    assert before[0] != after[0], "the table lies in a new file"
    assert after[1] <= before[1]
    assert tidy(now=now) == 0


@pytest.mark.parametrize("database_urls", ["postgresql"], indirect=True)
def test_a_table_that_is_in_use_is_copied_later_and_holds_nobody_up(
    votes: VotesWing, now: datetime
) -> None:
    poll = votes.open(level="secret").poll
    votes.enter(poll, "closing")
    with engine("people").connect() as reader:
        reader.execute(text("SELECT count(*) FROM issuer_keys")).all()
        assert tidy(now=now) == 0
    assert tidy(now=now) == 1
