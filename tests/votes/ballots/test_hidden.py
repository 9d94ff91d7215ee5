"""Before its batch a ballot shows in nothing that the public can read, not even in a header."""

from flask import Flask

from tests.votes.ballots.booth import Booth

TIMED = ("/readyz", "record", "overdue")
"""What tells the time or the state of the machine, or depends on the day."""
TILES = ("checkpoint", "tile/0/000.p/1", "tile/0/000.p/2", "tile/entries/000.p/1")


def _public(booth: Booth) -> dict[str, tuple[int, bytes, list[tuple[str, str]]]]:
    """Everything that can be asked for by knowing the poll: status, body and headers."""
    paths = [f"/polls/{booth.poll}/{tile}" for tile in TILES]
    for rule in booth.app.url_map.iter_rules():
        known = not set(rule.arguments) - {"poll_id"} and "GET" in (rule.methods or ())
        if known and not any(word in rule.rule for word in TIMED):
            path = rule.rule.replace("<string:poll_id>", booth.poll)
            paths.append(path.replace("<poll_id>", booth.poll))
    client, found = booth.app.test_client(use_cookies=False), {}
    for path in paths:
        answer = client.get(path)
        headers = sorted(header for header in answer.headers if header[0] != "Date")
        found[path] = answer.status_code, answer.data, headers
    return found


def test_ballots_that_wait_change_nothing_that_the_public_reads(app: Flask) -> None:
    booth = Booth.open(app, level="secret")
    before = _public(booth)
    read = [path for path, (status, _, _) in before.items() if status == 200]
    assert len([path for path in read if booth.poll in path]) >= 10, read
    for number in range(21):
        assert booth.cast(booth.ballot(f"voter {number}")).status_code == 201
    after = _public(booth)
    assert [path for path in before if before[path] != after[path]] == []
