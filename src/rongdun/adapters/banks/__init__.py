"""Banks and payment institutions: wire profiles, transports, and a simulator that plays them. See ``README.md``."""

from rongdun.adapters.banks.configuring import know_by, speak_to
from rongdun.adapters.banks.dialects import Dialect, dialect_named
from rongdun.adapters.banks.file_drop import collect
from rongdun.adapters.banks.inbound import desk_of, dialect_of, router
from rongdun.adapters.banks.nightly import JOBS
from rongdun.adapters.banks.orders import Orders, the_orders
from rongdun.adapters.banks.post import Post
from rongdun.adapters.banks.profile import Profile, load_profile
from rongdun.adapters.banks.signing import Signer, load_pair, verifier_of
from rongdun.adapters.banks.transport import CHANNEL, BankTransport, Places
from rongdun.adapters.banks.wire import read_instruction, read_reply, write_instruction, write_reply

__all__ = [
    "CHANNEL",
    "JOBS",
    "BankTransport",
    "Dialect",
    "Orders",
    "Places",
    "Post",
    "Profile",
    "Signer",
    "collect",
    "desk_of",
    "dialect_named",
    "dialect_of",
    "know_by",
    "load_pair",
    "load_profile",
    "read_instruction",
    "read_reply",
    "router",
    "speak_to",
    "the_orders",
    "verifier_of",
    "write_instruction",
    "write_reply",
]
