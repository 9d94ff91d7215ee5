"""Every setting, in one place: one line each, with its default and what it means.

The environment variable of a setting is its name in capitals behind ``MVOTE_``.
"""

import os
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from ipaddress import IPv4Network, IPv6Network, ip_network
from pathlib import Path
from typing import Any, Literal, get_args, get_type_hints

from mvote.contradictions import SettingsFault, check_settings
from mvote.core.canonical import MAX_DEPTH
from mvote.core.outage import MOST_SECONDS as OUTAGE_SECONDS
from mvote.core.poll import MOST_QUESTIONS
from mvote.core.poll_notes import MOST_TEXT as MOST_NOTE
from mvote.core.question import MOST_OPTIONS
from mvote.core.secrecy.act import MAX_ACT_BYTES
from mvote.core.secrecy.ballot import MAX_BALLOT_BYTES
from mvote.core.secrecy.blind import MODULUS_BITS

__all__ = [
    "SIDES",
    "WINGS",
    "Settings",
    "SettingsFault",
    "Side",
    "Wing",
    "at_people",
    "wings_of",
]

Wing = Literal["people", "votes"]
WINGS: tuple[Wing, ...] = get_args(Wing)
Side = Literal["both", "people", "votes"]
SIDES: tuple[Side, ...] = get_args(Side)


def wings_of(side: str) -> tuple[Wing, ...]:
    """The wings of a side."""
    return tuple(wing for wing in WINGS if side in ("both", wing))


def _setting(default: Any, meaning: str, *, only: Wing | None = None) -> Any:
    """``only`` names the wing of which it is a credential: the other's host may not have it."""
    return field(default=default, metadata={"meaning": meaning, "only": only})


@dataclass(frozen=True, slots=True)
class Settings:
    """Times are in seconds, sizes in bytes, unless the name says otherwise."""

    home: Path = _setting(Path("var"), "folder of the databases, keys and files of an installation")
    people_database_url: str = _setting(
        "", "database of the people wing; empty: SQLite in home", only="people"
    )
    votes_database_url: str = _setting(
        "", "database of the votes wing; empty: SQLite in home", only="votes"
    )
    people_keys: Path = _setting(
        Path(), "folder of the people wing's keys; empty: in home", only="people"
    )
    votes_keys: Path = _setting(
        Path(), "folder of the votes wing's keys; empty: in home", only="votes"
    )
    people_public_keys: Path = _setting(Path(), "the people wing's public.json; empty: in its keys")
    votes_public_keys: Path = _setting(Path(), "the votes wing's public.json; empty: in its keys")
    both_sides_here: str = _setting(
        "no", "yes: one side starts though this host holds credentials of the other too"
    )
    log_format: str = _setting("text", "text, or json: one object a line for log collectors")
    metrics_port: int = _setting(
        0, "port on which 127.0.0.1 offers /metrics for Prometheus; 0: none"
    )
    free_disk_bytes: int = _setting(
        500_000_000, "free space below which /readyz and `mvote doctor` complain"
    )
    clock_off_seconds: int = _setting(
        5, "how far this clock and the database's may differ before /readyz complains"
    )
    heartbeat_seconds: int = _setting(60, "silence of the worker after which /readyz complains")
    backlog_seconds: int = _setting(
        600, "age of an untaken document of the other wing after which /readyz complains"
    )
    key_encryption_key: str = _setting(
        "",
        "32 bytes as base64url that encrypt issuer keys at rest; empty: in a file",
        only="people",
    )
    key_encryption_key_before: str = _setting(
        "",
        "the one before it, while `mvote keys rotate` replaces a key given by its setting",
        only="people",
    )
    key_encryption_key_file: Path = _setting(
        Path(),
        "file with that key; empty: key-encryption-key in the people wing's keys",
        only="people",
    )
    issuer_key_bits: int = _setting(
        MODULUS_BITS[0], "size of the key pair made for each secret poll: 2048, 3072 or 4096"
    )
    people_url: str = _setting(
        "", "where the votes wing reaches the people wing; empty: one process"
    )
    votes_url: str = _setting(
        "", "where the people wing reaches the votes wing; empty: one process"
    )
    public_url: str = _setting(
        "http://localhost:8000", "address that citizens see, without a slash"
    )
    trusted_proxies: str = _setting(
        "", "networks of proxies whose X-Forwarded-For is believed, as 127.0.0.1,10.0.0.0/8"
    )
    city_ko: str = _setting("하늘시", "the city's name in Korean")
    city_en: str = _setting("Haneul City", "the city's name in English")
    time_zone: str = _setting("Asia/Seoul", "the zone in which pages show times")
    holidays_country: str = _setting(
        "KR", "country whose public holidays do not count as working days; empty: none"
    )
    holidays_subdivision: str = _setting("", "part of the country with holidays of its own")
    working_days: str = _setting("mon,tue,wed,thu,fri", "days on which the city works")
    working_hours: str = _setting(
        "09:00-12:00,13:00-18:00", "hours at which it works, by the clocks of its zone"
    )
    closure_days: int = _setting(31, "longest closure of the city that officials may name at once")
    pauses_per_due: int = _setting(2, "how often the clock of one answer may be paused")
    pause_days: int = _setting(30, "most days that all pauses of one answer may take together")
    head_after_days: int = _setting(
        3, "days overdue after which the head of the department is told"
    )
    mayor_after_days: int = _setting(7, "days overdue after which it stands on the mayor's page")
    coordinating_department: str = _setting(
        "", "department that owes what two others said is not theirs; empty: the mayor's office"
    )
    case_first_reply: str = _setting(
        "16 working-hours",
        "by when the first reply to a case is due; days, hours, working-days too",
    )
    case_answer: str = _setting("14 working-days", "by when the answer to a case is due")
    indicator_bytes: int = _setting(5_000_000, "largest file of indicators")
    questions_per_indicator: int = _setting(
        3, "questions that one citizen may ask about one indicator"
    )
    question_characters: int = _setting(2_000, "longest question about an indicator")
    data_licence: str = _setting(
        "https://creativecommons.org/licenses/by/4.0/",
        "address of the open data's licence; or empty",
    )
    reason_characters: int = _setting(
        2_000, "longest public reason for a pause, a closure, or handing an answer on"
    )
    phone_region: str = _setting("KR", "country of numbers written without a country code")

    access_seconds: int = _setting(600, "life of an access token")
    refresh_seconds: int = _setting(30 * 86400, "life of a refresh token")
    clock_leeway_seconds: int = _setting(
        5, "how far the clocks of two hosts may differ for a token"
    )
    fresh_seconds: int = _setting(300, "how long a sign-in counts as fresh for dangerous acts")

    people_public_url: str = _setting(
        "", "address at which browsers reach the people wing; empty: MVOTE_PUBLIC_URL"
    )
    oidc_issuer: str = _setting(
        "", "OpenID Connect provider at which citizens sign in; empty: none", only="people"
    )
    oidc_client_id: str = _setting("", "the city's name there", only="people")
    oidc_client_secret: str = _setting("", "the city's secret there", only="people")
    oidc_acr: str = _setting("", "values of acr of which a citizen's sign-in has to have one")
    officials_oidc_issuer: str = _setting(
        "", "OpenID Connect provider at which officials sign in; empty: none", only="people"
    )
    officials_oidc_client_id: str = _setting("", "the city's name there", only="people")
    officials_oidc_client_secret: str = _setting("", "the city's secret there", only="people")
    officials_oidc_acr: str = _setting(
        "", "values of acr of which an official's sign-in has to have one"
    )
    oidc_login_seconds: int = _setting(600, "how long a sign-in at a provider may take")
    oidc_logins_per_hour: int = _setting(
        100_000, "sign-ins begun at the citizens' provider in an hour; at the officials' as many"
    )
    oidc_timeout_seconds: int = _setting(5, "how long one request to a provider may take")
    oidc_bytes: int = _setting(200_000, "largest answer of a provider")
    oidc_kept_seconds: int = _setting(3600, "how long a provider's metadata and keys are believed")

    consent_needed: str = _setting(
        "no", "yes: only who agreed to “identification” gets a code or a permit"
    )
    consent_texts: Path = _setting(
        Path(), "JSON file with the city's own consent texts; empty: those of mvote"
    )
    account_months: int = _setting(
        24, "months without a sign-in after which a citizen's account is deleted"
    )

    sms_gateway: str = _setting("console", "console, file:PATH or http(s)://… (signed JSON POST)")
    sms_secret: str = _setting(
        "", "shared secret that signs requests to an HTTP SMS gateway", only="people"
    )
    sms_timeout_seconds: int = _setting(5, "how long one try at the HTTP SMS gateway may take")
    sms_tries: int = _setting(3, "how often the HTTP SMS gateway is tried")
    code_seconds: int = _setting(180, "life of an SMS code")
    code_resend_seconds: int = _setting(30, "when a phone offers to ask for another code")
    code_tries: int = _setting(5, "wrong codes before a phone check is void")
    codes_per_number_hour: int = _setting(5, "SMS codes to one number in an hour")
    codes_per_prefix_hour: int = _setting(
        20000, "SMS codes in an hour to numbers that differ in the last four digits"
    )
    codes_per_day: int = _setting(1_000_000, "SMS codes of the whole city in a day")
    codes_alarm_percent: int = _setting(
        80, "share of the day's SMS codes at which the log tells an alarm"
    )
    unknown_codes_per_hour: int = _setting(
        1000, "unknown printed codes in an hour above which an alarm is raised"
    )
    desk_seconds: int = _setting(
        600, "how long a phone's number is good at the ID desk, and its secret afterwards"
    )
    desk_tries: int = _setting(
        30, "wrong numbers and ids that one official may enter at the ID desk in an hour"
    )
    desk_confirmations_per_hour: int = _setting(
        120, "people whom one official may confirm at the ID desk in an hour"
    )
    people_named_per_hour: int = _setting(
        120, "people whom one official may name for corrections of rolls in an hour"
    )
    desk_requests_per_hour: int = _setting(
        5000, "requests for the ID desk in an hour by phones that are not signed in"
    )
    desk_requests_per_account_hour: int = _setting(
        20, "requests for the ID desk in an hour by one account"
    )
    sign_in_tries: int = _setting(10, "wrong passwords of one official in a quarter of an hour")
    official_passwords: str = _setting(
        "no", "yes: officials may sign in by password too; no: by passkey or login of the city"
    )
    officials_url: str = _setting(
        "", "address at which officials sign in, to which passkeys are bound; empty: public_url"
    )
    enrolment_seconds: int = _setting(
        3 * 86400, "life of the link by which an official enrols a passkey"
    )
    passkey_seconds: int = _setting(300, "how long an official may take to use a passkey")
    passkeys_per_official: int = _setting(10, "most passkeys of one official")
    passwords_at_once: int = _setting(
        4, "passwords that a process checks at once; each takes 64 MB"
    )

    room_tries: int = _setting(10, "wrong room passwords of one account in an hour")
    room_password_characters: int = _setting(8, "shortest password of a private room")
    room_pass_seconds: int = _setting(
        3600, "life of a room pass; it may live up to twice as long, so that many share it"
    )
    rooms_per_department: int = _setting(100, "most open private rooms of a department")
    audience_counts_per_hour: int = _setting(
        20, "counts of an audience that an official may ask for in an hour"
    )
    audience_counts_kept: int = _setting(
        200, "counts that are remembered, so that no two of them give away one person"
    )
    audience_count_seconds: int = _setting(
        86_400, "least time between two looks at how many an audience holds"
    )
    review_characters: int = _setting(1_000, "longest text with which a citizen asks for a review")
    review_days: int = _setting(7, "days that the city has to decide a review of who may vote")
    review_reminder_seconds: int = _setting(
        86_400, "time between two reminders of a review that is overdue"
    )

    body_bytes: int = _setting(1_000_000, "largest request body")
    ballot_bytes: int = _setting(MAX_BALLOT_BYTES, "largest ballot; not more than its default")
    json_depth: int = _setting(MAX_DEPTH, "deepest nesting of JSON")
    page_items: int = _setting(100, "most items on one page of a list")
    mail_gateway: str = _setting(
        "console", "console, file:PATH, smtp://… (STARTTLS), smtps://… or smtp+plain://…"
    )
    mail_password: str = _setting("", "password at the mail server, if any", only="votes")
    mail_from: str = _setting("", "who e-mail comes from; empty: no-reply@ the public address")
    mail_asks_per_day: int = _setting(
        3, "how often a day an address is asked whether it wants e-mail"
    )
    mail_new_per_day: int = _setting(2000, "e-mail addresses that a city asks in a day")
    mail_confirm_days: int = _setting(3, "how long an address may be confirmed")
    topics_per_subscription: int = _setting(50, "topics that one follower names at most")
    webhooks: int = _setting(100, "webhooks of a city at most")
    webhook_private: str = _setting(
        "no", "yes: webhooks may lie in this host's own network, without TLS"
    )
    push_services: str = _setting(
        "fcm.googleapis.com updates.push.services.mozilla.com *.push.apple.com "
        "*.notify.windows.com",
        "hosts of push services to which news are sent; empty: no push",
    )
    push_contact: str = _setting(
        "", "mailto: or https: address that push services are told; empty: the public address"
    )
    push_new_per_day: int = _setting(5000, "phones that ask for push messages in a day")
    deliveries_at_once: int = _setting(50, "messages that a worker sends in one round")
    delivery_tries: int = _setting(9, "how often a message is tried before it is given up")
    delivery_timeout_seconds: float = _setting(5.0, "how long one try at a message may take")
    follower_failures: int = _setting(
        5, "messages given up in a row after which a follower gets no more"
    )
    feed_entries: int = _setting(
        100, "entries in an archive of a feed; its current document holds less than twice as many"
    )
    feed_archive_seconds: int = _setting(
        86_400, "how long a reader may keep an archive of a feed, which does not change"
    )
    results_kept: int = _setting(200, "files of published results that a process keeps in memory")
    questions_per_poll: int = _setting(
        MOST_QUESTIONS, "most questions in a new poll; not more than its default"
    )
    options_per_question: int = _setting(
        MOST_OPTIONS, "most options in a question of a new poll; not more than its default"
    )
    second_official_seconds: int = _setting(
        3600, "how long a request for a dangerous act waits for the second official"
    )
    outage_seconds: int = _setting(
        OUTAGE_SECONDS, "most by which outages may move a closing; not more than its default"
    )
    notes_per_poll: int = _setting(200, "most notes that officials may write on one poll")
    note_characters: int = _setting(
        2_000, f"longest note on a poll in one language; not more than {MOST_NOTE}"
    )
    templates_per_department: int = _setting(
        200, "most templates that a department, or the city, may keep"
    )
    changes_shown: int = _setting(
        200, "most changes of another official that a refused saving of a draft shows"
    )
    text_characters: int = _setting(
        20_000, "longest answer, step or report that a department writes into a record"
    )
    moderate_first: str = _setting(
        "no", "yes: what citizens write waits until a moderator has read it"
    )
    reports_to_wait: int = _setting(
        5, "reports by different citizens after which a text waits for a moderator"
    )
    report_characters: int = _setting(
        1_000, "longest text of a citizen's report or appeal about a text"
    )
    appeal_days: int = _setting(14, "days that the city has to decide an appeal about a text")
    post_characters: int = _setting(4_000, "longest post of a citizen in a discussion")
    posts_per_record: int = _setting(200, "most posts of one citizen in one discussion")
    posts_per_day: int = _setting(20, "most posts of one citizen in one discussion in a day")
    digests_in_record: int = _setting(
        1_000, "posts up to which a discussion's summary in its record lists each digest"
    )

    reason_voters: int = _setting(
        20, "fewest voters of an option who gave one reason, for the city to have to answer it"
    )
    ratings_shown: int = _setting(20, "fewest ratings of an answer of which a summary is shown")
    askers_again: int = _setting(
        50, "citizens who have to ask again before the department owes a second answer"
    )
    second_answer_days: int = _setting(30, "days that it then has")
    steps_per_promise: int = _setting(50, "most steps of a promise")
    promises_per_record: int = _setting(50, "most promises in a record")
    links_per_evidence: int = _setting(20, "most links that show that a step was done")

    batch_ballots: int = _setting(
        20, "voters whose ballots a batch of the board needs before close"
    )
    batch_seconds: int = _setting(3600, "least time between two batches before close")
    board_leaves: int = _setting(
        256, "leaves among which a phone that looks for its own stays hidden"
    )
    complaint_days: int = _setting(14, "days that the city has to answer a complaint")
    intake_queue: int = _setting(4096, "ballots that may wait for the disk before 503 is answered")
    intake_flush: int = _setting(512, "most ballots in one write")
    intake_wait_seconds: int = _setting(20, "how long a request waits for its ballot to be durable")
    bad_ballots: int = _setting(
        60, "bad ballots from one address after which its ballots are checked one at a time"
    )
    bad_ballots_seconds: int = _setting(60, "how long bad ballots of an address are remembered")
    bad_ballots_addresses: int = _setting(
        10_000, "most addresses of bad ballots that a process remembers"
    )
    bad_ballots_lane: int = _setting(
        8, "ballots of such an address that may wait before 429 is answered"
    )
    bad_ballots_lane_seconds: int = _setting(5, "how long a ballot of such an address may wait")
    bad_ballots_pause: float = _setting(
        1.0, "how long a bad ballot of such an address waits for its answer"
    )
    bad_ballots_held: int = _setting(8, "bad ballots of a process that wait for their answer")
    scope_days: int = _setting(
        730, "days for which citizens may act in what an official opened without naming an end"
    )
    act_bytes: int = _setting(MAX_ACT_BYTES, "largest act of a citizen; not more than its default")
    pool_days: int = _setting(30, "days that an opinion pool is open unless it names its end")
    pool_contest_days: int = _setting(
        30, "days after its end in which the result of an opinion pool may be contested"
    )
    pool_characters: int = _setting(280, "longest statement in an opinion pool, in one language")
    pool_statements: int = _setting(1_000, "most statements in an opinion pool")
    pool_statements_each: int = _setting(
        10, "most statements that one citizen may write in an opinion pool"
    )
    pool_group_least: int = _setting(
        20, "people below whom an opinion group is not shown in the result of a pool"
    )
    acts_per_scope: int = _setting(
        5_000, "most acts of one citizen in one call, proposal, pool or record"
    )
    proposals_per_citizen: int = _setting(3, "proposals that one citizen may make in a call")
    proposal_title_characters: int = _setting(100, "longest title of a proposal")
    proposal_characters: int = _setting(4_000, "longest text of a proposal")
    calls_per_department: int = _setting(50, "most calls of a department that are not over")
    standing_call_days: int = _setting(
        3650, "days after which a call without an end takes no more proposals, and longest call"
    )
    call_topics: int = _setting(100, "most topics, and most districts, that a call names")
    threshold_sets: int = _setting(100, "most threshold sets of the city's own")
    threshold_stages: int = _setting(10, "most stages in one of them")
    similar_candidates: int = _setting(
        10_000, "newest proposals among which similar ones are looked for"
    )
    similar_shown: int = _setting(5, "most similar proposals that are shown")
    similar_percent: int = _setting(35, "how alike a proposal has to be to be shown")
    similar_characters: int = _setting(200, "longest text for which similar proposals are sought")
    worker_seconds: float = _setting(1.0, "pause of the worker between two rounds")
    exchange_seconds: int = _setting(30, "how long one request to the other wing may take")
    exchange_connect_seconds: int = _setting(5, "how long connecting to the other wing may take")
    exchange_pause_seconds: int = _setting(
        60, "longest pause between tries while the other wing cannot be reached"
    )
    exchange_word_seconds: int = _setting(
        60, "age at which a request of the other wing is refused; clocks may differ by less"
    )
    exchange_documents: int = _setting(100, "most documents fetched from the other wing at once")
    exchange_bytes: int = _setting(200_000_000, "largest answer that the other wing may give")
    exchange_ca_file: Path = _setting(
        Path(), "certificates that sign the other wing's own; empty: those of the system"
    )
    database_wait_seconds: int = _setting(10, "how long a writer waits for a locked database")
    database_pool: int = _setting(40, "connections that a process keeps to PostgreSQL")

    @classmethod
    def from_env(cls, environ: Mapping[str, str] = os.environ, **given: Any) -> "Settings":
        """Read every ``MVOTE_*`` variable; ``given`` wins over it.  Raises SettingsFault."""
        kinds = get_type_hints(cls)
        known = {f"MVOTE_{f.name.upper()}": f.name for f in fields(cls)}
        values: dict[str, Any] = {}
        for variable, name in known.items():
            if variable in environ:
                values[name] = _read(variable, environ[variable], kinds[name])
        values.update(given)
        made = cls(**values)
        made.check()
        return made

    def check(self) -> None:
        """Refuse values that contradict.  Raises SettingsFault."""
        check_settings(self)

    def trusted_networks(self) -> tuple[IPv4Network | IPv6Network, ...]:
        """The networks of the proxies that are believed.  Raises SettingsFault."""
        named = [one.strip() for one in self.trusted_proxies.split(",") if one.strip()]
        try:
            found = tuple(ip_network(one) for one in named)
        except ValueError as error:
            raise SettingsFault(f"MVOTE_TRUSTED_PROXIES: {error}") from None
        if any(one.prefixlen == 0 for one in found):
            raise SettingsFault("MVOTE_TRUSTED_PROXIES would believe everybody")
        return found

    def credentials_of(self, wing: Wing) -> list[str]:
        """The variables that are set here and are a credential of this wing only."""
        return [
            f"MVOTE_{f.name.upper()}"
            for f in fields(self)
            if f.metadata["only"] == wing and getattr(self, f.name) != f.default
        ]

    def database_url(self, wing: Wing) -> str:
        """The SQLAlchemy address of a wing's database."""
        url: str = getattr(self, f"{wing}_database_url")
        if not url:
            return f"sqlite:///{(self.home / wing).absolute()}.db"
        for short in ("postgresql://", "postgres://"):
            if url.startswith(short):
                return "postgresql+psycopg://" + url.removeprefix(short)
        return url

    def keys(self, wing: Wing) -> Path:
        """The folder of a wing's private keys."""
        folder: Path = getattr(self, f"{wing}_keys")
        return folder if folder != Path() else self.home / f"{wing}-keys"

    def public_keys(self, wing: Wing) -> Path:
        """The file with a wing's public keys, which the other wing reads."""
        path: Path = getattr(self, f"{wing}_public_keys")
        return path if path != Path() else self.keys(wing) / "public.json"

    def wing_url(self, wing: Wing) -> str:
        """Where the other wing reaches this one over HTTP; empty when both run in one process."""
        url: str = getattr(self, f"{wing}_url")
        return url.rstrip("/")


def _read(variable: str, text: str, kind: Any) -> Any:
    try:
        return kind(text)
    except ValueError:
        what = {int: "whole number", float: "number"}.get(kind, "path")
        raise SettingsFault(f"{variable} has to be a {what}, not {text!r}") from None


def at_people() -> Side:
    """The side of this host on which the people wing's commands work."""
    return "people" if Settings.from_env().votes_url else "both"
