"""AES-GCM for clinical free text and secrets, as column types.

A stored value is: key version (1 byte), nonce (12 bytes), ciphertext with tag. The column's
label is the associated data, so that a value moved to another column does not decrypt.
"""

import json
import os
from collections.abc import Mapping
from typing import Any

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from sqlalchemy import Dialect, LargeBinary
from sqlalchemy.types import TypeDecorator

NONCE_BYTES = 12


class UnreadableSecret(Exception):
    """A stored value does not decrypt: wrong key, wrong column, or damage."""


class KeyRing:
    """Keys by version. The highest version encrypts; every version decrypts."""

    def __init__(self) -> None:
        self._keys: dict[int, AESGCM] = {}

    def set(self, keys: Mapping[int, bytes]) -> None:
        """Replace the keys (32 bytes each)."""
        self._keys = {version: AESGCM(key) for version, key in keys.items()}

    def encrypt(self, text: str, label: str) -> bytes:
        """Encrypt text for the place named by `label`."""
        version = max(self._keys)
        nonce = os.urandom(NONCE_BYTES)
        sealed = self._keys[version].encrypt(nonce, text.encode(), label.encode())
        return bytes([version]) + nonce + sealed

    def decrypt(self, blob: bytes, label: str) -> str:
        """The reverse of `encrypt`.

        Raises:
            UnreadableSecret: unknown key version, wrong label, or damaged data.
        """
        key = self._keys.get(blob[0]) if blob else None
        if key is None:
            raise UnreadableSecret(f"no key for a value of {label}")
        nonce, sealed = blob[1 : 1 + NONCE_BYTES], blob[1 + NONCE_BYTES :]
        try:
            return key.decrypt(nonce, sealed, label.encode()).decode()
        except InvalidTag as exc:
            raise UnreadableSecret(f"a value of {label} does not decrypt") from exc


key_ring = KeyRing()


class EncryptedText(TypeDecorator[str]):
    """Text stored encrypted. `label` is `table.column`, fixed for ever."""

    impl = LargeBinary
    cache_ok = True

    def __init__(self, label: str) -> None:
        super().__init__()
        self.label = label

    def process_bind_param(self, value: str | None, dialect: Dialect) -> bytes | None:
        return None if value is None else key_ring.encrypt(value, self.label)

    def process_result_value(self, value: Any, dialect: Dialect) -> str | None:
        return None if value is None else key_ring.decrypt(bytes(value), self.label)


class EncryptedJson(TypeDecorator[Any]):
    """JSON stored encrypted. Assign a new value to change it: edits in place are not seen."""

    impl = LargeBinary
    cache_ok = True

    def __init__(self, label: str) -> None:
        super().__init__()
        self.label = label

    def process_bind_param(self, value: Any, dialect: Dialect) -> bytes | None:
        if value is None:
            return None
        return key_ring.encrypt(json.dumps(value, ensure_ascii=False), self.label)

    def process_result_value(self, value: Any, dialect: Dialect) -> Any:
        return None if value is None else json.loads(key_ring.decrypt(bytes(value), self.label))
