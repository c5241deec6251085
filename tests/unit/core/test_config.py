"""What the configuration refuses."""

import stat

import pytest

from qa_app.config import faults, flask_settings, read_config, sqlalchemy_url


def config(tmp_path, **env):
    return read_config({"DATA_DIR": str(tmp_path), **env})


def test_a_trial_on_this_machine_is_ready(tmp_path):
    assert faults(config(tmp_path)) == []


@pytest.mark.parametrize(
    ("env", "said"),
    [
        ({"BASE_URL": "http://audits.example.gov.uk"}, "must begin with https"),
        ({"BASE_URL": "https://audits.example.gov.uk", "DEMO": "1"}, "lets anyone sign in"),
        ({"SECRET_KEY": "secret"}, "too short"),
    ],
)
def test_what_must_be_mended(tmp_path, env, said):
    assert [said in fault for fault in faults(config(tmp_path, **env))] == [True]


def test_the_secret_is_made_once_and_readable_by_its_owner_alone(tmp_path):
    first, second = config(tmp_path), config(tmp_path)
    assert first.secret_key == second.secret_key
    assert len(first.secret_key) >= 32
    assert stat.S_IMODE((tmp_path / "secret-key").stat().st_mode) == 0o600


@pytest.mark.parametrize("url", ["postgres://u@h/d", "postgresql://u@h/d"])
def test_postgresql_goes_through_psycopg_3(url):
    assert sqlalchemy_url(url) == "postgresql+psycopg://u@h/d"


def test_cookies_are_for_https_only_where_people_use_https(tmp_path):
    settings = flask_settings(config(tmp_path, BASE_URL="https://audits.example.gov.uk"))
    assert settings["SESSION_COOKIE_SECURE"]
    assert settings["SESSION_COOKIE_NAME"] == "__Host-session"
    assert "audits.example.gov.uk" in settings["TRUSTED_HOSTS"]
