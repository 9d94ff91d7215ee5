"""Who may vote: signing in, consents, codes, rolls, officials."""

from dataclasses import dataclass
from pathlib import Path

from mvote.settings.setting import setting


@dataclass(frozen=True)
class OfPeople:
    """Times are in seconds, sizes in bytes, unless the name says otherwise."""

    phone_region: str = setting("KR", "country of numbers written without a country code")
    access_seconds: int = setting(600, "life of an access token")
    refresh_seconds: int = setting(30 * 86400, "life of a refresh token")
    clock_leeway_seconds: int = setting(5, "how far the clocks of two hosts may differ for a token")
    fresh_seconds: int = setting(300, "how long a sign-in counts as fresh for dangerous acts")
    people_public_url: str = setting(
        "", "address at which browsers reach the people wing; empty: MVOTE_PUBLIC_URL"
    )
    oidc_issuer: str = setting(
        "", "OpenID Connect provider at which citizens sign in; empty: none", only="people"
    )
    oidc_client_id: str = setting("", "the city's name there", only="people")
    oidc_client_secret: str = setting("", "the city's secret there", only="people")
    oidc_acr: str = setting("", "values of acr of which a citizen's sign-in has to have one")
    officials_oidc_issuer: str = setting(
        "", "OpenID Connect provider at which officials sign in; empty: none", only="people"
    )
    officials_oidc_client_id: str = setting("", "the city's name there", only="people")
    officials_oidc_client_secret: str = setting("", "the city's secret there", only="people")
    officials_oidc_acr: str = setting(
        "", "values of acr of which an official's sign-in has to have one"
    )
    oidc_login_seconds: int = setting(600, "how long a sign-in at a provider may take")
    oidc_logins_per_hour: int = setting(
        100_000, "sign-ins begun at the citizens' provider in an hour; at the officials' as many"
    )
    oidc_timeout_seconds: int = setting(5, "how long one request to a provider may take")
    oidc_bytes: int = setting(200_000, "largest answer of a provider")
    oidc_kept_seconds: int = setting(3600, "how long a provider's metadata and keys are believed")
    consent_needed: str = setting(
        "no", "yes: only who agreed to “identification” gets a code or a permit"
    )
    consent_texts: Path = setting(
        Path(), "JSON file with the city's own consent texts; empty: those of mvote"
    )
    account_months: int = setting(
        24, "months without a sign-in after which a citizen's account is deleted"
    )
    sms_gateway: str = setting("console", "console, file:PATH or http(s)://… (signed JSON POST)")
    sms_secret: str = setting(
        "", "shared secret that signs requests to an HTTP SMS gateway", only="people"
    )
    sms_timeout_seconds: int = setting(5, "how long one try at the HTTP SMS gateway may take")
    sms_tries: int = setting(3, "how often the HTTP SMS gateway is tried")
    code_seconds: int = setting(180, "life of an SMS code")
    code_resend_seconds: int = setting(30, "when a phone offers to ask for another code")
    code_tries: int = setting(5, "wrong codes before a phone check is void")
    codes_per_number_hour: int = setting(5, "SMS codes to one number in an hour")
    codes_per_prefix_hour: int = setting(
        20000, "SMS codes in an hour to numbers that differ in the last four digits"
    )
    codes_per_day: int = setting(1_000_000, "SMS codes of the whole city in a day")
    codes_alarm_percent: int = setting(
        80, "share of the day's SMS codes at which the log tells an alarm"
    )
    unknown_codes_per_hour: int = setting(
        1000, "unknown printed codes in an hour above which an alarm is raised"
    )
    desk_seconds: int = setting(
        600, "how long a phone's number is good at the ID desk, and its secret afterwards"
    )
    desk_tries: int = setting(
        30, "wrong numbers and ids that one official may enter at the ID desk in an hour"
    )
    desk_confirmations_per_hour: int = setting(
        120, "people whom one official may confirm at the ID desk in an hour"
    )
    people_named_per_hour: int = setting(
        120, "people whom one official may name for corrections of rolls in an hour"
    )
    desk_requests_per_hour: int = setting(
        5000, "requests for the ID desk in an hour by phones that are not signed in"
    )
    desk_requests_per_account_hour: int = setting(
        20, "requests for the ID desk in an hour by one account"
    )
    sign_in_tries: int = setting(10, "wrong passwords of one official in a quarter of an hour")
    official_passwords: str = setting(
        "no", "yes: officials may sign in by password too; no: by passkey or login of the city"
    )
    officials_url: str = setting(
        "", "address at which officials sign in, to which passkeys are bound; empty: public_url"
    )
    enrolment_seconds: int = setting(
        3 * 86400, "life of the link by which an official enrols a passkey"
    )
    passkey_seconds: int = setting(300, "how long an official may take to use a passkey")
    passkeys_per_official: int = setting(10, "most passkeys of one official")
    passwords_at_once: int = setting(4, "passwords that a process checks at once; each takes 64 MB")
    room_tries: int = setting(10, "wrong room passwords of one account in an hour")
    room_password_characters: int = setting(8, "shortest password of a private room")
    room_pass_seconds: int = setting(
        3600, "life of a room pass; it may live up to twice as long, so that many share it"
    )
    rooms_per_department: int = setting(100, "most open private rooms of a department")
    audience_counts_per_hour: int = setting(
        20, "counts of an audience that an official may ask for in an hour"
    )
    audience_counts_kept: int = setting(
        200, "counts that are remembered, so that no two of them give away one person"
    )
    audience_count_seconds: int = setting(
        86_400, "least time between two looks at how many an audience holds"
    )
    review_characters: int = setting(1_000, "longest text with which a citizen asks for a review")
    review_days: int = setting(7, "days that the city has to decide a review of who may vote")
    review_reminder_seconds: int = setting(
        86_400, "time between two reminders of a review that is overdue"
    )
