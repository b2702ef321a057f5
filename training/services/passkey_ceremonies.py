"""What devices are asked and answer when a passkey is made or used: the one place that knows the WebAuthn library."""

from collections.abc import Sequence
from typing import Any

import webauthn
from webauthn.helpers import parse_authentication_credential_json, parse_registration_credential_json
from webauthn.helpers.exceptions import WebAuthnException
from webauthn.helpers.structs import (
    AuthenticationCredential,
    AuthenticatorSelectionCriteria,
    AuthenticatorTransport,
    PublicKeyCredentialDescriptor,
    ResidentKeyRequirement,
    UserVerificationRequirement,
)

from training.models import Passkey
from training.services.passkeys import Answer, Owner, Party

REQUIRED = UserVerificationRequirement.REQUIRED
# What reading an answer that no device made can come to, in the library and in those that it uses.
UNREADABLE = (WebAuthnException, ValueError, TypeError, KeyError, IndexError, AttributeError, EOFError)


def options_to_sign_in(party: Party, *, challenge: bytes) -> str:
    """Return what to ask any device that has a passkey, as JSON."""
    options = webauthn.generate_authentication_options(rp_id=party.id, challenge=challenge, user_verification=REQUIRED)
    return webauthn.options_to_json(options)


def options_to_make(party: Party, owner: Owner, *, challenge: bytes, had: Sequence[bytes]) -> str:
    """Return what to ask a device that is to make a passkey, as JSON; `had` are those that it need not make again."""
    options = webauthn.generate_registration_options(
        rp_id=party.id,
        rp_name=party.name,
        user_id=owner.account_id.bytes,
        user_name=owner.sign_in_name or owner.name,
        user_display_name=owner.name,
        challenge=challenge,
        authenticator_selection=AuthenticatorSelectionCriteria(
            resident_key=ResidentKeyRequirement.REQUIRED, user_verification=REQUIRED
        ),
        exclude_credentials=[PublicKeyCredentialDescriptor(id=each) for each in had],
    )
    return webauthn.options_to_json(options)


def read_made(answer: Answer, *, challenge: bytes) -> dict[str, Any]:
    """Return what a device made, checked, by the names of our columns.

    Raises:
        UNREADABLE: when it cannot be read or does not hold.
    """
    found = webauthn.verify_registration_response(
        credential=answer.credential,
        expected_challenge=challenge,
        expected_rp_id=answer.party.id,
        expected_origin=answer.party.origin,
        require_user_verification=True,
    )
    transports = parse_registration_credential_json(answer.credential).response.transports
    return {
        "credential_id": found.credential_id,
        "public_key": found.credential_public_key,
        "sign_count": found.sign_count,
        "device_type": found.credential_device_type.value,
        "backed_up": found.credential_backed_up,
        "transports": words_of(transports or ()),
    }


def words_of(transports: Sequence[AuthenticatorTransport | str]) -> list[str]:
    """Return ways to reach a device as they are stored."""
    return sorted({getattr(each, "value", str(each)) for each in transports})


def read_given(answer: Answer) -> AuthenticationCredential:
    """Return what a device gave to sign in, not checked yet: `raw_id` names the passkey.

    Raises:
        UNREADABLE: when it cannot be read.
    """
    return parse_authentication_credential_json(answer.credential)


def note_use(passkey: Passkey, answer: Answer, given: AuthenticationCredential, *, challenge: bytes) -> None:
    """Check what a device gave against its passkey, and note the use there.

    Raises:
        UNREADABLE: when it does not hold.
    """
    found = webauthn.verify_authentication_response(
        credential=given,
        expected_challenge=challenge,
        expected_rp_id=answer.party.id,
        expected_origin=answer.party.origin,
        credential_public_key=passkey.public_key,
        credential_current_sign_count=passkey.sign_count,
        require_user_verification=True,
    )
    passkey.sign_count, passkey.backed_up = found.new_sign_count, found.credential_backed_up
    passkey.device_type, passkey.last_used_at = found.credential_device_type.value, answer.now
