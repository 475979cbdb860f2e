"""SM2 with SM3 (GB/T 32918) behind the port of signatures, for institutions that sign with the national algorithms.

Signatures are DER, the signer's identity is the default of the standard (GM/T 0009). The library, ``gmssl_pyx``, is the
extra ``sm2`` and is imported at first use: decision 0009.
"""

import base64
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType

from rongdun.kernel.errors import Text, Unavailable
from rongdun.runtime.crypto.keyfiles import read_private, write_private

ALGORITHM = "sm2-sm3"
PRIVATE_BYTES, PUBLIC_BYTES = 32, 64


class Sm2Missing(Unavailable):
    """An institution signs with SM2, and the library for it is not installed."""

    code = "sm2_missing"
    message = Text("没有安装国密组件，不能使用 SM2 签名", "The library for SM2 is not installed")
    action = Text(
        "请在服务器上安装 rongdun[sm2] 后重启", "Install rongdun[sm2] on the server, then start it again"
    )


@dataclass(frozen=True, slots=True)
class Sm2Signer:
    """Signs with SM2; ``private`` are 32 bytes, ``public`` 64."""

    private: bytes
    public: bytes
    key_id: str
    algorithm: str = ALGORITHM

    def sign(self, body: bytes) -> bytes:
        """Return the signature of ``body``; raises :class:`Sm2Missing`."""
        signature: bytes = _library().sm2_sign(self.private, self.public, body)
        return signature

    @property
    def public_text(self) -> str:
        """The public half as institutions are given it: base64 of 64 bytes."""
        return base64.b64encode(self.public).decode("ascii")


@dataclass(frozen=True, slots=True)
class Sm2Verifier:
    """Verifies SM2 signatures."""

    public: bytes
    algorithm: str = ALGORITHM

    def is_signed(self, signature: bytes, body: bytes) -> bool:
        """Tell whether ``signature`` over ``body`` was made with the private half; raises :class:`Sm2Missing`."""
        library = _library()
        try:
            return bool(library.sm2_verify(self.public, body, signature))
        except library.GmsslInnerError:
            return False


def public_of(raw: bytes) -> bytes | None:
    """Return the 64 bytes of a public key, with or without the mark of an uncompressed point; None when it is none."""
    if len(raw) == PUBLIC_BYTES + 1 and raw[0] == 4:
        raw = raw[1:]
    return raw if len(raw) == PUBLIC_BYTES else None


def load_sm2_pair(folder: Path, name: str, key_id: str) -> Sm2Signer | None:
    """Return the SM2 pair ``name`` in ``folder``, made on first use; None where its files are damaged or one is gone.

    The files hold base64, the private half for its owner alone. Raises :class:`Sm2Missing`.
    """
    private, public = folder / f"{name}.key", folder / f"{name}.pub"
    if not private.exists() and not public.exists():
        told, kept = _library().sm2_key_generate()
        write_private(private, base64.b64encode(kept).decode("ascii"))
        write_private(public, base64.b64encode(told).decode("ascii"))
    if not private.exists() or not public.exists():
        return None
    try:
        made = Sm2Signer(
            base64.b64decode(read_private(private), validate=True),
            base64.b64decode(public.read_text(encoding="ascii").strip(), validate=True),
            key_id,
        )
    except ValueError:
        return None
    return made if (len(made.private), len(made.public)) == (PRIVATE_BYTES, PUBLIC_BYTES) else None


def _library() -> ModuleType:
    try:
        import gmssl_pyx
    except ImportError:
        raise Sm2Missing() from None
    found: ModuleType = gmssl_pyx
    return found
