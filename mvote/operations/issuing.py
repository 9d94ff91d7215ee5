"""Can this side sign permits of secret polls?  Asked before anything listens."""

from mvote.core.secrecy.blind_signing import SigningFailed, self_test
from mvote.keys import KeyEncryption
from mvote.operations.database import open_engine
from mvote.people.permits.service import check_keys
from mvote.settings import Settings, SettingsFault


def check_issuing(settings: Settings) -> None:
    """Some back end signs the test vector, and the stored keys of polls can be opened.

    Raises SettingsFault, DatabaseFault.
    """
    try:
        self_test()
    except SigningFailed as fault:
        raise SettingsFault(f"this machine cannot sign permits: {fault}") from None
    with open_engine(settings, "people") as engine:
        check_keys(engine, KeyEncryption.of(settings))
