"""Money: what is refunded and what fee may be kept, in US dollars, exact to the cent."""

from decimal import ROUND_DOWN, Decimal
from typing import NamedTuple

CENT = Decimal("0.01")
HUNDRED = Decimal(100)


class Amounts(NamedTuple):
    """What a refund comes to; None where it is not known or there is none."""

    refund_min: Decimal | None = None
    refund_max: Decimal | None = None
    fee_max: Decimal | None = None

    def as_dict(self) -> dict[str, str | None]:
        """The contract's decimal strings."""
        return {
            name: None if amount is None else str(amount)
            for name, amount in zip(self._fields, self, strict=True)
        }


NO_AMOUNTS = Amounts()


def share(total: Decimal, percent: Decimal) -> Decimal:
    """`percent` of `total`, rounded down to the cent: 35% of 33.33 is 11.66 (interpretation 4)."""
    return (total * percent / HUNDRED).quantize(CENT, rounding=ROUND_DOWN)


def fee(order_total: Decimal, claim_total: Decimal | None, percent: Decimal) -> Decimal:
    """The restocking fee at `percent` of the order's total, and never more than the goods that
    come back cost (clause restocking-fee, interpretation 5).
    """
    of_order = share(order_total, percent)
    return of_order if claim_total is None else min(of_order, claim_total)


def full_refund(order_total: Decimal | None, claim_total: Decimal | None) -> Amounts:
    """All that was paid for the goods concerned; the whole order where no part is named."""
    base = order_total if claim_total is None else claim_total
    if base is None:
        return NO_AMOUNTS
    base = base.quantize(CENT)
    return Amounts(refund_min=base, refund_max=base)


def refund_less_fee(
    order_total: Decimal | None,
    claim_total: Decimal | None,
    *,
    percent: Decimal | None,
    percent_max: Decimal,
) -> Amounts:
    """The refund of a return without a defect: exact where the fee's percentage is known, else
    from "the highest fee is kept" to "none is". Without the order's total the fee is not known.
    """
    whole = full_refund(order_total, claim_total).refund_max
    if order_total is None or whole is None:
        return Amounts(refund_max=whole if percent is None else None)
    fee_max = fee(order_total, claim_total, percent_max)
    if percent is None:
        return Amounts(whole - fee_max, whole, fee_max)
    left = whole - fee(order_total, claim_total, percent)
    return Amounts(left, left, fee_max)
