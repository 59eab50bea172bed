"""Settings: a production start without secrets of its own is refused, in one plain sentence."""

import base64

import pytest

import config
from config import DEMO_KEY, DEMO_SECRET, ConfigError, Mode, load

KEY = base64.b64encode(b"k" * 32).decode()
OTHER = base64.b64encode(b"o" * 32).decode()
GOOD = {
    "MHTR_DATABASE_URL": "postgresql://db/mhtr",
    "MHTR_SECRET_KEY": "s" * 32,
    "MHTR_AUDIT_KEY": KEY,
    "MHTR_FIELD_KEYS": f"1:{KEY},2:{OTHER}",
}


def test_a_good_production_start() -> None:
    made = load(GOOD)
    assert made.mode is Mode.PRODUCTION and made.https
    assert made.database_url == "postgresql+psycopg://db/mhtr"
    assert sorted(made.field_keys) == [1, 2]
    assert made.argon2_memory_kib >= 19 * 1024  # OWASP Password Storage Cheat Sheet


REFUSED = [
    ("MHTR_DATABASE_URL", "", "Set MHTR_DATABASE_URL"),
    ("MHTR_SECRET_KEY", "", "Set MHTR_SECRET_KEY"),
    ("MHTR_AUDIT_KEY", "", "Set MHTR_AUDIT_KEY"),
    ("MHTR_FIELD_KEYS", "", "Set MHTR_FIELD_KEYS"),
    ("MHTR_SECRET_KEY", DEMO_SECRET, "still holds the demonstration secret"),
    ("MHTR_SECRET_KEY", f"prefix-{DEMO_SECRET}", "still holds the demonstration secret"),
    ("MHTR_AUDIT_KEY", DEMO_KEY, "still holds the demonstration secret"),
    ("MHTR_FIELD_KEYS", f"1:{DEMO_KEY}", "still holds the demonstration secret"),
    ("MHTR_FIELD_KEYS", f"1:{KEY},2:{DEMO_KEY}", "still holds the demonstration secret"),
    ("MHTR_SECRET_KEY", "s" * 31, "at least 32 characters"),
    ("MHTR_AUDIT_KEY", "not base64!", "must be base64"),
    ("MHTR_AUDIT_KEY", base64.b64encode(b"short").decode(), "32 bytes"),
    ("MHTR_FIELD_KEYS", KEY, "must look like"),
    ("MHTR_FIELD_KEYS", f"0:{KEY}", "must look like"),
    ("MHTR_FIELD_KEYS", f"256:{KEY}", "must look like"),
    ("MHTR_MODE", "staging", "demo, test or production"),
    ("MHTR_PROXIES", "one", "whole number"),
    ("MHTR_EXTRA_IDENTIFIERS", "PNC PASSPORT", "PNC and CRO only"),
    ("MHTR_MAIL", "console", "for demonstrations"),
    ("MHTR_MAIL", "smtp://u:secret@mail.trust.example", "MHTR_MAIL must look like"),
    ("MHTR_MAIL", "smtps://u:secret@mail.trust.example:port", "MHTR_MAIL must look like"),
    ("MHTR_MAIL", "smtps://u:secret@mail.trust.example", "Set MHTR_MAIL_FROM"),
    ("MHTR_MAIL", "smtps://u:secr%C3%A9t@mail.trust.example", "plain ASCII"),
]


@pytest.mark.parametrize(("name", "value", "words"), REFUSED)
def test_a_bad_production_start_is_refused(name: str, value: str, words: str) -> None:
    with pytest.raises(ConfigError, match=words) as refused:
        load({**GOOD, name: value})
    assert value == "" or len(value) < 12 or value not in str(refused.value)  # no secret is told


@pytest.mark.parametrize("name", ["MHTR_SECRET_KEY", "MHTR_AUDIT_KEY", "MHTR_FIELD_KEYS"])
def test_a_missing_name_is_as_bad_as_an_empty_one(name: str) -> None:
    with pytest.raises(ConfigError, match=name):
        load({key: value for key, value in GOOD.items() if key != name})


def test_without_a_mode_it_is_production() -> None:
    assert load(GOOD).mode is Mode.PRODUCTION
    with pytest.raises(ConfigError):
        load({})


@pytest.mark.parametrize("mode", ["demo", "test"])
def test_elsewhere_the_demonstration_secrets_do(mode: str) -> None:
    made = load({"MHTR_MODE": mode})
    assert made.secret_key == config.DEMO_SECRET
    assert made.database_url.startswith("sqlite:///")


def test_https_is_on_in_production_unless_said_otherwise() -> None:
    assert not load({**GOOD, "MHTR_HTTPS": "no"}).https
    assert not load({"MHTR_MODE": "demo"}).https


@pytest.mark.parametrize("value", ["true", "Yes", "1", "on", "", " yes"])
def test_https_is_yes_or_no_and_never_silently_off(value: str) -> None:
    with pytest.raises(ConfigError, match="MHTR_HTTPS must be yes or no"):
        load({**GOOD, "MHTR_HTTPS": value})


def test_mail_needs_a_sender_and_a_safe_address_for_its_links() -> None:
    mailing = {**GOOD, "MHTR_MAIL": "smtp+starttls://u:secret@mail.trust.example:587"}
    mailing["MHTR_MAIL_FROM"] = "no-reply@trust.example"
    for address in ("", "http://mhtr.trust.example"):
        with pytest.raises(ConfigError, match="MHTR_ADDRESS"):
            load({**mailing, "MHTR_ADDRESS": address})
    assert load({**mailing, "MHTR_ADDRESS": "https://mhtr.trust.example"}).mail
    assert load(GOOD).mail == "", "without a mail server it starts, and a person sees to each mail"
    near = load({**mailing, "MHTR_MAIL": "smtp://localhost", "MHTR_ADDRESS": "https://a.example"})
    assert near.address == "https://a.example"
