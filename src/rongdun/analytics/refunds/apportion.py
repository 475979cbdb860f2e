"""Sharing a sum by losses, fen for fen, and putting a return together."""

from collections.abc import Mapping, Sequence

from rongdun.analytics.refunds.errors import NothingToReturn, WrongClaims
from rongdun.analytics.refunds.model import Apportionment, Choice, Claim, Mode, Share


def pro_rata(pool_fen: int, weights: Mapping[str, int]) -> dict[str, Share]:
    """Share ``pool_fen`` by ``weights`` (outstanding losses, fen): ``pool × weight ÷ Σ weights``, at most the weight.

    Rounding by the largest remainder: everybody gets the whole fen, the fen left over go one each to the largest
    fractions, of equal ones to the larger loss (余数归份额大者), then to the smaller key. The cap holds: a share below
    a whole number of fen is never rounded beyond it. Source: rules of 2016, article 8 (3).
    """
    total = sum(weights.values())
    if total <= pool_fen:
        return {key: _share(key, weight, total, weight, 0, 0) for key, weight in weights.items()}
    cut = {key: divmod(pool_fen * weight, total) for key, weight in weights.items()}
    over = pool_fen - sum(floor for floor, _ in cut.values())
    lucky = set(sorted(weights, key=lambda key: (-cut[key][1], -weights[key], key))[:over])
    return {key: _share(key, weights[key], total, *cut[key], int(key in lucky)) for key in weights}


def apportion(frozen_fen: int, claims: Sequence[Claim], choice: Choice) -> Apportionment:
    """Return who gets what of ``frozen_fen`` by ``choice``; the order of ``claims`` bears on nothing but the listing.

    Raises :class:`WrongClaims` for a claim listed twice or a negative amount.
    """
    check(frozen_fen, claims)
    weights = {one.key: one.outstanding_fen for one in claims if one.key in choice.shared}
    by_loss = pro_rata(choice.pool_fen, weights)
    shares = [_of_claim(one, by_loss.get(one.key), choice) for one in claims]
    paid = sum(share.fen for share in shares)
    return Apportionment(
        choice.mode,
        choice.why,
        frozen_fen,
        choice.pool_fen,
        sum(weights.values()),
        shares,
        frozen_fen - paid,
    )


def check(frozen_fen: int, claims: Sequence[Claim]) -> None:
    """Raise :class:`WrongClaims` or :class:`NothingToReturn` when nothing can be reckoned."""
    keys = {one.key for one in claims}
    if len(keys) < len(claims) or any(one.loss_fen < 0 or one.returned_fen < 0 for one in claims):
        raise WrongClaims
    if frozen_fen <= 0 or not any(one.outstanding_fen for one in claims):
        raise NothingToReturn


def _share(key: str, weight: int, divisor: int, floor: int, remainder: int, extra: int) -> Share:
    return Share(key, Mode.PRO_RATA, 0, 0, weight, divisor, floor, remainder, extra)


def _of_claim(one: Claim, shared: Share | None, choice: Choice) -> Share:
    if shared is None:
        mode = Mode.SINGLE if choice.mode is Mode.SINGLE else Mode.BY_TIME
        direct = choice.direct.get(one.key, 0)
        return Share(one.key, mode, one.loss_fen, one.returned_fen, 0, 0, direct, 0, 0)
    return Share(
        one.key,
        shared.mode,
        one.loss_fen,
        one.returned_fen,
        shared.weight_fen,
        shared.divisor_fen,
        shared.floor_fen,
        shared.remainder,
        shared.extra,
    )
