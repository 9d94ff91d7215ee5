"""The only file that knows all parts: puts an app together for one side or for both."""

from flask import Flask
from flask_smorest import Blueprint

from mvote.audit.routes import people_log, votes_log
from mvote.channels.deliveries.routes import routes as following
from mvote.channels.feeds.discussion import discussion_feeds
from mvote.channels.feeds.news import install_news
from mvote.channels.feeds.routes import feeds
from mvote.exchange.routes import people_documents, votes_documents
from mvote.exchange.service import check_exchange
from mvote.headless import create_headless_app
from mvote.installation import installation
from mvote.pages.language import install_language
from mvote.pages.office import signing
from mvote.pages.phone import phone
from mvote.pages.public.city import city_pages
from mvote.pages.public.data import data
from mvote.pages.public.discussion import discussion
from mvote.pages.public.following import following_pages
from mvote.pages.public.pools import pool_pages
from mvote.pages.public.proposals import proposal_pages
from mvote.pages.public.routes import pages
from mvote.pages.public.taking_part import taking_part
from mvote.people.identity.routes import routes as identity_routes
from mvote.people.identity.service.sign_ins import is_ended
from mvote.people.officials.routes import routes as officials_routes
from mvote.people.permits.routes import corrections, permits, quarantine, reviews
from mvote.people.permits.routes import scopes as scope_permits
from mvote.people.privacy.routes import routes as privacy_routes
from mvote.people.rolls.routes import routes as rolls_routes
from mvote.settings import Settings, Side, Wing, wings_of
from mvote.votes.ballots.routes import boards, casting, complaints, levels, tiles
from mvote.votes.discussions.routes import answering, promising, reading, replying
from mvote.votes.dues.routes import routes as dues
from mvote.votes.indicators.routes import routes as indicators
from mvote.votes.moderation.routes import routes as moderation
from mvote.votes.opinions.routes import routes as opinions
from mvote.votes.participation.routes import routes as scopes
from mvote.votes.polls.routes import deciding, drafting, showing
from mvote.votes.polls.service import find_private
from mvote.votes.pools.routes import routes as pools
from mvote.votes.proposals.routes import citizens as proposing
from mvote.votes.proposals.routes import deciding as proposal_acts
from mvote.votes.proposals.routes import showing as proposals
from mvote.votes.results.routes import routes as results
from mvote.votes.threads.routes import routes as threads
from mvote.web.bodies import install_bodies
from mvote.web.cors import install_cors
from mvote.web.guard import require_guards
from mvote.web.health import install_health
from mvote.web.metrics import install_metrics
from mvote.web.openapi import install_api
from mvote.web.problems import install_problems
from mvote.web.proxies import install_proxies
from mvote.web.readers import install_readers
from mvote.web.tokens import install_tokens

ROUTES: dict[Wing, tuple[Blueprint, ...]] = {
    "people": (
        people_documents,
        identity_routes,
        officials_routes,
        rolls_routes,
        permits.routes,
        scope_permits.routes,
        corrections.routes,
        quarantine.routes,
        reviews.routes,
        privacy_routes,
        people_log,
    ),
    "votes": (
        showing.routes,
        drafting.routes,
        deciding.routes,
        casting.routes,
        boards.routes,
        complaints.routes,
        levels.routes,
        results,
        opinions,
        reading.routes,
        answering.routes,
        promising.routes,
        replying.routes,
        proposals.routes,
        proposing.routes,
        proposal_acts.routes,
        threads,
        dues,
        indicators,
        scopes,
        pools,
        moderation,
        following,
        votes_documents,
        votes_log,
    ),
}


def create_app(side: Side = "both", settings: Settings | None = None) -> Flask:
    """An app that serves the given wings and holds no database, credential or key of another.

    Raises SettingsFault.
    """
    settings = settings or Settings.from_env()
    wings = wings_of(side)
    app = create_headless_app(side, settings)
    app.config["MAX_CONTENT_LENGTH"] = settings.body_bytes
    app.json.ensure_ascii = False  # type: ignore[attr-defined]
    with app.app_context():
        made = installation()
    install_tokens(app, made, is_ended if "people" in wings else None)
    install_bodies(app)
    install_problems(app)
    install_metrics(app)
    install_proxies(app, made)
    api = install_api(app)
    for wing in wings:
        for routes in ROUTES[wing]:
            api.register_blueprint(routes)
    if "people" in wings:
        install_cors(app, settings)
    install_health(app, check_exchange)
    install_language(app)
    app.register_blueprint(signing.office)
    if "votes" in wings:
        app.register_blueprint(pages)
        app.register_blueprint(city_pages)
        app.register_blueprint(following_pages)
        app.register_blueprint(data)
        app.register_blueprint(proposal_pages)
        app.register_blueprint(pool_pages)
        app.register_blueprint(taking_part)
        app.register_blueprint(phone)
        install_news(app)
        app.register_blueprint(discussion)
        app.register_blueprint(feeds)
        app.register_blueprint(discussion_feeds)
        app.register_blueprint(tiles.tiles)
        install_readers(app, find_private)
    app.extensions["mvote-api"] = api
    require_guards(app)
    return app
