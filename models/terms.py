"""What the parameters of a policy say on one day about money and about time: each field is one parameter by its name.

Shares are hundredths of a percent and sums are cents, as whole numbers. A field of ``Terms`` may be an array with one
value for each case, where cases of many days are priced at once. A finding of a clause that bears the name of a field
stands in its place for the cases concerned; ``uncovered_by`` names one of the two ends of ``uncovered_seller_share``.
"""

from collections.abc import Mapping, Sequence
from dataclasses import Field, dataclass, field, fields
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

from features.errors import TriageError
from features.vocabulary import GRADES
from models.cents import MOST_CENTS, Cents, whole_points

Amount = NDArray[np.int64] | int


class BadTerms(TriageError):
    """A parameter that a remedy rests on has no value, or one that cannot be used."""


def _in(unit: str, says: str) -> dict[str, str]:
    return {"unit": unit, "says": says}


class _Named:
    """Made from a policy's parameters, which bear the names of the fields."""

    __slots__ = ()

    @classmethod
    def of(cls, parameters: Mapping[str, object]) -> Self:
        """The values of one day by name, shares as numbers from 0 to 1; names that are no field are left alone."""
        return cls(**{known.name: _value(known, parameters) for known in fields(cls)})  # type: ignore[arg-type]


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms(_Named):
    """What a policy says about money."""

    shipping_share: Amount = field(metadata=_in("share", "of the shipping, refunded where only the buyer erred"))
    shipping_taxed_share: Amount = field(metadata=_in("share", "of the shipping, on which tax was collected too"))
    refund_share_min: Amount = field(metadata=_in("share", "a partial refund is at least this much of the price"))
    refund_share_max: Amount = field(metadata=_in("share", "a partial refund is at most this much of the price"))
    refund_min_cents: Amount = field(metadata=_in("cents", "a partial refund is at least this sum, where the price is"))
    refund_max_cents: Amount = field(metadata=_in("cents", "a partial refund is at most this sum"))
    deduct_original_share: Amount = field(
        metadata=_in("share", "deducted from the price of an item that came back as sent")
    )
    deduct_minor_damage_share: Amount = field(
        metadata=_in("share", "deducted where it came back used or with little damage")
    )
    deduct_severe_damage_share: Amount = field(metadata=_in("share", "deducted where it came back unfit for sale"))
    deduct_wrong_item_share: Amount = field(metadata=_in("share", "deducted where another item came back"))
    deduct_empty_share: Amount = field(metadata=_in("share", "deducted where the parcel came back empty"))
    deduct_share_max: Amount = field(metadata=_in("share", "at most this much is deducted for the condition"))
    refund_admin_share: Amount = field(metadata=_in("share", "of a referral fee given back, kept for administration"))
    return_label_cents: Amount = field(metadata=_in("cents", "what a label for a return costs"))
    replacement_label_cents: Amount = field(metadata=_in("cents", "what a label for a replacement costs"))
    cover_max_cents: Amount = field(metadata=_in("cents", "the carrier answers up to this sum"))
    uncovered_seller_share: Amount = field(
        metadata=_in("share", "of what the cover does not reach, borne by the seller")
    )

    @classmethod
    def over(cls, days: Sequence[Self], day: NDArray[np.int64]) -> Self:
        """The terms of cases (asks,) that fall under different days, each by the place of its day in ``days``."""
        return cls(
            **{known.name: np.array([getattr(terms, known.name) for terms in days])[day] for known in fields(cls)}
        )

    def deduction(self, grade: NDArray[np.int64]) -> Cents:
        """The share deducted by grade (asks,), a place in GRADES; nothing where it is -1, not graded."""
        shares = [np.asarray(getattr(self, f"deduct_{name}_share"), dtype=np.int64) for name in GRADES]
        by_grade = [np.broadcast_to(share, grade.shape) for share in shares]
        return np.select([grade == place for place in range(len(GRADES))], by_grade, 0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Clocks(_Named):
    """What a policy says about time: how long each step of a plan may take."""

    label_within_hours: int = field(metadata=_in("hours", "the platform issues a return label, from the ruling on"))
    drop_off_within_days: int = field(metadata=_in("days", "the buyer hands the item in, from the label on"))
    first_return_scan_within_days: int = field(metadata=_in("days", "the carrier scans a return, from the drop-off on"))
    return_arrives_within_days: int = field(metadata=_in("days", "a return arrives, from the drop-off on"))
    grade_within_hours: int = field(metadata=_in("hours", "a return is graded, from its arrival on"))
    refund_within_days: int = field(
        metadata=_in("days", "the platform pays a refund, from the last thing it waits for on")
    )
    settle_within_days: int = field(
        metadata=_in("days", "the parties are charged and credited, from the refund or ruling on")
    )
    stock_check_within_hours: int = field(metadata=_in("hours", "the seller says whether a replacement is in stock"))
    difference_within_hours: int = field(metadata=_in("hours", "the buyer pays what a dearer replacement costs more"))
    first_scan_within_hours: int = field(metadata=_in("hours", "a replacement has its first scan"))
    send_back_within_days: int = field(metadata=_in("days", "the seller sends the item back to the buyer"))
    recharge_notice_days: int = field(metadata=_in("days", "the buyer may object before being charged again"))
    claim_within_days: int = field(
        metadata=_in("days", "the carrier may be claimed on, from the first scan of the parcel on")
    )
    void_label_within_days: int = field(metadata=_in("days", "an unused label may be voided, from its issue on"))
    destroy_within_days: int = field(metadata=_in("days", "the item is destroyed and that is shown"))
    appeal_within_days: int = field(metadata=_in("days", "a party may appeal, from the ruling on"))


def _value(known: "Field[Any]", parameters: Mapping[str, object]) -> object:
    name, unit = known.name, known.metadata["unit"]
    if name not in parameters:
        raise BadTerms(f"the policy gives no value to the parameter {name} ({unit}): {known.metadata['says']}")
    value = parameters[name]
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise BadTerms(f"the parameter {name} must be a number ({unit}), and is {value!r}")
    if unit == "share":
        try:
            return int(whole_points(value))
        except ArithmeticError as fault:
            raise BadTerms(f"the parameter {name} cannot be used: {fault}") from fault
    if not 0 <= value <= MOST_CENTS or value != int(value):
        raise BadTerms(f"the parameter {name} must be a whole number of {unit}, and is {value!r}")
    return int(value)
