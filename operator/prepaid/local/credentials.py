"""Random tokens, the ServiceAccount signing key and the kubeconfigs: made once, in files that only their owner can read."""

import base64
import csv
import io
import os
import secrets
from collections.abc import Mapping
from pathlib import Path
from typing import Final

import yaml

from prepaid.local.layout import Layout
from prepaid.local.personas import OPERATOR, PARTS, PERSONAS, WITH_TOKEN, Persona

P256_ORDER: Final = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551
EC_KEY_HEAD: Final = bytes.fromhex("30310201010420")
EC_KEY_CURVE: Final = bytes.fromhex("a00a06082a8648ce3d030107")


def write_private(path: Path, text: str) -> None:
    """Writes a file that nobody else may read, in one step."""
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    new = path.with_name(f"{path.name}.new")
    new.unlink(missing_ok=True)
    with os.fdopen(os.open(new, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
        file.write(text)
    new.rename(path)


def signing_key() -> str:
    """A new P-256 private key in PEM (SEC 1, RFC 5915, the public part left out: it follows from the private one)."""
    scalar = 1 + secrets.randbelow(P256_ORDER - 1)
    der = EC_KEY_HEAD + scalar.to_bytes(32, "big") + EC_KEY_CURVE
    return f"-----BEGIN EC PRIVATE KEY-----\n{base64.encodebytes(der).decode()}-----END EC PRIVATE KEY-----\n"


def read_tokens(text: str) -> dict[str, str]:
    """User -> token, from the API server's static token file; lines that make no sense are left out."""
    return {row[1]: row[0] for row in csv.reader(io.StringIO(text)) if len(row) >= 3 and row[0]}


def token_file(tokens: Mapping[str, str]) -> str:
    """The API server's static token file: token, user, uid, groups."""
    lines = [f'{tokens[who.user]},{who.user},{who.user},"{",".join(who.groups)}"\n' for who in WITH_TOKEN]
    return "".join(lines)


def ensure_secrets(layout: Layout) -> dict[str, str]:
    """Makes what is missing, keeps what is there. Answers user -> token."""
    known = read_tokens(layout.tokens.read_text()) if layout.tokens.exists() else {}
    tokens = {who.user: known.get(who.user) or secrets.token_urlsafe(32) for who in WITH_TOKEN}
    if tokens != known:
        write_private(layout.tokens, token_file(tokens))
    if not layout.signing_key.exists():
        write_private(layout.signing_key, signing_key())
    return tokens


def write_kubeconfigs(layout: Layout, server: str, tokens: Mapping[str, str]) -> None:
    """One for each persona and each part; they carry the API server's certificate."""
    authority = base64.b64encode(layout.authority.read_bytes()).decode()
    for who in (*PERSONAS, *PARTS):
        proof = {"tokenFile": str(layout.operator_token)} if who.name == OPERATOR else {"token": tokens[who.user]}
        write_private(layout.kubeconfig(who.name), kubeconfig(who, server, authority, proof))


def kubeconfig(who: Persona, server: str, authority: str, proof: Mapping[str, str]) -> str:
    """The text of one kubeconfig."""
    cluster = {"server": server, "certificate-authority-data": authority}
    context = {"cluster": "local", "user": who.name, "namespace": who.namespace}
    document = {
        "apiVersion": "v1",
        "kind": "Config",
        "current-context": f"{who.name}@prepaid-local",
        "clusters": [{"name": "local", "cluster": cluster}],
        "users": [{"name": who.name, "user": dict(proof)}],
        "contexts": [{"name": f"{who.name}@prepaid-local", "context": context}],
    }
    return yaml.safe_dump(document, sort_keys=False)
