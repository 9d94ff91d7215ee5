"""How an installation runs: where it keeps what, its sides and addresses, what a request may be."""

from dataclasses import dataclass
from pathlib import Path

from mvote.core.canonical import MAX_DEPTH
from mvote.core.secrecy.blind import MODULUS_BITS
from mvote.settings.setting import setting


@dataclass(frozen=True)
class Running:
    """Times are in seconds, sizes in bytes, unless the name says otherwise."""

    home: Path = setting(Path("var"), "folder of the databases, keys and files of an installation")
    people_database_url: str = setting(
        "", "database of the people wing; empty: SQLite in home", only="people"
    )
    votes_database_url: str = setting(
        "", "database of the votes wing; empty: SQLite in home", only="votes"
    )
    people_keys: Path = setting(
        Path(), "folder of the people wing's keys; empty: in home", only="people"
    )
    votes_keys: Path = setting(
        Path(), "folder of the votes wing's keys; empty: in home", only="votes"
    )
    people_public_keys: Path = setting(Path(), "the people wing's public.json; empty: in its keys")
    votes_public_keys: Path = setting(Path(), "the votes wing's public.json; empty: in its keys")
    both_sides_here: str = setting(
        "no", "yes: one side starts though this host holds credentials of the other too"
    )
    log_format: str = setting("text", "text, or json: one object a line for log collectors")
    metrics_port: int = setting(
        0, "port on which 127.0.0.1 offers /metrics for Prometheus; 0: none"
    )
    free_disk_bytes: int = setting(
        500_000_000, "free space below which /readyz and `mvote doctor` complain"
    )
    clock_off_seconds: int = setting(
        5, "how far this clock and the database's may differ before /readyz complains"
    )
    heartbeat_seconds: int = setting(60, "silence of the worker after which /readyz complains")
    backlog_seconds: int = setting(
        600, "age of an untaken document of the other wing after which /readyz complains"
    )
    key_encryption_key: str = setting(
        "",
        "32 bytes as base64url that encrypt issuer keys at rest; empty: in a file",
        only="people",
    )
    key_encryption_key_before: str = setting(
        "",
        "the one before it, while `mvote keys rotate` replaces a key given by its setting",
        only="people",
    )
    key_encryption_key_file: Path = setting(
        Path(),
        "file with that key; empty: key-encryption-key in the people wing's keys",
        only="people",
    )
    issuer_key_bits: int = setting(
        MODULUS_BITS[0], "size of the key pair made for each secret poll: 2048, 3072 or 4096"
    )
    people_url: str = setting(
        "", "where the votes wing reaches the people wing; empty: one process"
    )
    votes_url: str = setting("", "where the people wing reaches the votes wing; empty: one process")
    public_url: str = setting("http://localhost:8000", "address that citizens see, without a slash")
    trusted_proxies: str = setting(
        "", "networks of proxies whose X-Forwarded-For is believed, as 127.0.0.1,10.0.0.0/8"
    )
    body_bytes: int = setting(1_000_000, "largest request body")
    json_depth: int = setting(MAX_DEPTH, "deepest nesting of JSON")
    page_items: int = setting(100, "most items on one page of a list")
    worker_seconds: float = setting(1.0, "pause of the worker between two rounds")
    patient_seconds: float = setting(60.0, "pause between two looks for work that nobody waits for")
    exchange_seconds: int = setting(30, "how long one request to the other wing may take")
    exchange_connect_seconds: int = setting(5, "how long connecting to the other wing may take")
    exchange_pause_seconds: int = setting(
        60, "longest pause between tries while the other wing cannot be reached"
    )
    exchange_word_seconds: int = setting(
        60, "age at which a request of the other wing is refused; clocks may differ by less"
    )
    exchange_documents: int = setting(100, "most documents fetched from the other wing at once")
    exchange_bytes: int = setting(200_000_000, "largest answer that the other wing may give")
    exchange_ca_file: Path = setting(
        Path(), "certificates that sign the other wing's own; empty: those of the system"
    )
    database_wait_seconds: int = setting(10, "how long a writer waits for a locked database")
    database_pool: int = setting(40, "connections that a process keeps to PostgreSQL")
