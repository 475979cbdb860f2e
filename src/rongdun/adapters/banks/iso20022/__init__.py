"""ISO 20022 as a wire profile: a stop as a recall of a payment, its answer, its return, and the question after it."""

from rongdun.adapters.banks.iso20022.dialect import Iso20022

__all__ = ["Iso20022"]
