"""News that are sent, and feeds."""

from dataclasses import dataclass

from mvote.settings.setting import setting


@dataclass(frozen=True)
class Following:
    """Times are in seconds, sizes in bytes, unless the name says otherwise."""

    mail_gateway: str = setting(
        "console", "console, file:PATH, smtp://… (STARTTLS), smtps://… or smtp+plain://…"
    )
    mail_password: str = setting("", "password at the mail server, if any", only="votes")
    mail_from: str = setting("", "who e-mail comes from; empty: no-reply@ the public address")
    mail_asks_per_day: int = setting(
        3, "how often a day an address is asked whether it wants e-mail"
    )
    mail_new_per_day: int = setting(2000, "e-mail addresses that a city asks in a day")
    mail_network_per_day: int = setting(
        50, "of these, for one IPv4 address or IPv6 /64, as each process of the server counts them"
    )
    one_source_percent: int = setting(
        50,
        "most of a day's e-mail addresses or phones that one e-mail domain can use up, or one "
        "IPv4 /24 or IPv6 /48 as each process of the server counts them, in per cent",
    )
    mail_confirm_days: int = setting(3, "how long an address may be confirmed")
    topics_per_subscription: int = setting(50, "topics that one follower names at most")
    webhooks: int = setting(100, "webhooks of a city at most")
    webhook_private: str = setting(
        "no", "yes: webhooks may lie in this host's own network, without TLS"
    )
    push_services: str = setting(
        "fcm.googleapis.com updates.push.services.mozilla.com *.push.apple.com "
        "*.notify.windows.com",
        "hosts of push services to which news are sent; empty: no push",
    )
    push_contact: str = setting(
        "", "mailto: or https: address that push services are told; empty: the public address"
    )
    push_new_per_day: int = setting(5000, "phones that ask for push messages in a day")
    push_network_per_day: int = setting(
        500, "of these, for one IPv4 address or IPv6 /64, as each process of the server counts them"
    )
    deliveries_at_once: int = setting(50, "messages that a worker sends in one round")
    delivery_tries: int = setting(9, "how often a message is tried before it is given up")
    delivery_timeout_seconds: float = setting(5.0, "how long one try at a message may take")
    follower_failures: int = setting(
        5, "messages given up in a row after which a follower gets no more"
    )
    feed_entries: int = setting(
        100, "entries in an archive of a feed; its current document holds less than twice as many"
    )
    feed_archive_seconds: int = setting(
        86_400, "how long a reader may keep an archive of a feed, which does not change"
    )
