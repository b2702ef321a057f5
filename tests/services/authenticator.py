"""A device with passkeys, in software: it answers as a phone does, and wrongly where a test asks for it."""

import json
import secrets
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Any

import cbor2
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from webauthn.helpers import base64url_to_bytes, bytes_to_base64url

ORIGIN = "https://training.example.org"
PRESENT, VERIFIED, SYNCABLE, SYNCED, ATTESTED = 0x01, 0x04, 0x08, 0x10, 0x40


@dataclass
class Phone:
    """A phone that has one passkey; every answer says so many uses more, as `counts` says."""

    origin: str = ORIGIN
    flags: int = PRESENT | VERIFIED | SYNCABLE | SYNCED
    counts: bool = True
    key: ec.EllipticCurvePrivateKey = field(default_factory=lambda: ec.generate_private_key(ec.SECP256R1()))
    credential_id: bytes = field(default_factory=lambda: secrets.token_bytes(32))
    user_handle: bytes = b""
    uses: int = 0

    def make(self, options: str) -> str:
        """Make the passkey that a service asks for."""
        asked = json.loads(options)
        self.user_handle = base64url_to_bytes(asked["user"]["id"])
        data = self.data(asked["rp"]["id"], ATTESTED) + bytes(16) + len(self.credential_id).to_bytes(2, "big")
        data += self.credential_id + cbor2.dumps(self.public_key())
        attestation = cbor2.dumps({"fmt": "none", "attStmt": {}, "authData": data})
        said = {"attestationObject": attestation, "clientDataJSON": self.client_data("webauthn.create", asked)}
        return self.answer(said, transports=["internal", "hybrid"])

    def use(self, options: str, **wrong: Any) -> str:
        """Sign what a service asks to be signed; `wrong` replaces parts of the answer."""
        asked = json.loads(options)
        data, client_data = self.data(asked["rpId"]), self.client_data("webauthn.get", asked)
        signature = self.key.sign(data + sha256(client_data).digest(), ec.ECDSA(hashes.SHA256()))
        said = {"authenticatorData": data, "clientDataJSON": client_data, "signature": signature}
        return self.answer({**said, "userHandle": self.user_handle, **wrong})

    def data(self, host: str, more_flags: int = 0) -> bytes:
        self.uses += self.counts
        return sha256(host.encode()).digest() + bytes([self.flags | more_flags]) + self.uses.to_bytes(4, "big")

    def public_key(self) -> dict[int, Any]:
        point = self.key.public_key().public_numbers()
        return {1: 2, 3: -7, -1: 1, -2: point.x.to_bytes(32, "big"), -3: point.y.to_bytes(32, "big")}

    def client_data(self, kind: str, asked: dict[str, Any]) -> bytes:
        return json.dumps({"type": kind, "challenge": asked["challenge"], "origin": self.origin}).encode()

    def answer(self, said: dict[str, bytes], **more: Any) -> str:
        own = bytes_to_base64url(self.credential_id)
        response = {name: bytes_to_base64url(value) for name, value in said.items()} | more
        return json.dumps({"id": own, "rawId": own, "type": "public-key", "response": response})
