"""Secrets are random, private and kept; kubeconfigs name the persona and the namespace it lives in."""

import shutil
import stat
import subprocess
from pathlib import Path

import pytest
import yaml

from prepaid.local.credentials import ensure_secrets, kubeconfig, read_tokens, signing_key, write_kubeconfigs, write_private
from prepaid.local.layout import Layout
from prepaid.local.personas import PERSONAS, WITH_TOKEN


def test_tokens_survive_a_second_start(tmp_path: Path) -> None:
    assert ensure_secrets(Layout(tmp_path)) == ensure_secrets(Layout(tmp_path))


def test_no_two_users_share_a_token(tmp_path: Path) -> None:
    assert len(set(ensure_secrets(Layout(tmp_path)).values())) == len(WITH_TOKEN)


def test_a_half_written_token_file_is_completed(tmp_path: Path) -> None:
    layout = Layout(tmp_path)
    layout.tokens.write_text('kept,alice,alice,""\n,bob\n')
    tokens = ensure_secrets(layout)
    assert tokens["alice"] == "kept"
    assert tokens["bob"]
    assert read_tokens(layout.tokens.read_text()) == tokens


def test_secrets_can_be_read_by_their_owner_alone(tmp_path: Path) -> None:
    layout = Layout(tmp_path)
    tokens = ensure_secrets(layout)
    layout.tls.mkdir()
    layout.authority.write_text("certificate")
    write_kubeconfigs(layout, "https://127.0.0.1:1", tokens)
    files = [layout.tokens, layout.signing_key, *(layout.kubeconfig(persona.name) for persona in PERSONAS)]
    assert {stat.S_IMODE(file.stat().st_mode) for file in files} == {0o600}


def test_a_file_that_was_open_to_all_becomes_private(tmp_path: Path) -> None:
    (tmp_path / "secret").write_text("old")
    (tmp_path / "secret").chmod(0o644)
    write_private(tmp_path / "secret", "new")
    assert stat.S_IMODE((tmp_path / "secret").stat().st_mode) == 0o600


def test_a_tenant_starts_in_its_own_namespace() -> None:
    alice = next(persona for persona in PERSONAS if persona.name == "alice")
    document = yaml.safe_load(kubeconfig(alice, "https://127.0.0.1:1", "Y2E=", {"token": "secret"}))
    assert document["contexts"][0]["context"] == {"cluster": "local", "user": "alice", "namespace": "team-a"}
    assert document["users"][0]["user"] == {"token": "secret"}


@pytest.mark.skipif(shutil.which("openssl") is None, reason="needs openssl to judge the key")
def test_the_signing_key_is_a_valid_p256_key() -> None:
    judged = subprocess.run(["openssl", "ec", "-check", "-noout", "-text"], input=signing_key(), capture_output=True, text=True)
    assert "EC Key valid" in judged.stdout + judged.stderr
    assert "prime256v1" in judged.stdout
