"""Facts of each kind of evidence: whether it is admissibly there, could be read, and agrees with the claim.

An item is admissible unless it is said to be unlinked or illegible, was used in another case before, or was all but
surely made by a machine. What nobody checked counts for whoever gave it.
"""

from typing import Final

import numpy as np
from numpy.typing import NDArray

from features import reuse
from features.fact import ListedFact, Telling, flag
from features.own_rows import Flags
from features.tables import Numbers
from features.view import View
from features.vocabulary import EVIDENCE_KINDS

SYNTHETIC: Final = 0.8
"""An item at least so likely to be made by a machine is not admissible; ASSUMED."""

GIVEN_BY: Final[dict[str, tuple[str, ...]]] = {
    "carrier_tracking_log": ("carrier",),
    "acceptance_scan": ("carrier", "seller"),
    "delivered_scan": ("carrier",),
    "delivery_geo": ("carrier",),
    "delivery_photo": ("carrier",),
    "signature_pod": ("carrier",),
    "pickup_otp": ("carrier",),
    "parcel_weight_scans": ("carrier",),
    "carrier_investigation": ("carrier",),
    "carrier_damage_report": ("carrier",),
    "shipping_label_image": ("seller",),
    "handover_receipt": ("seller",),
    "packing_photo": ("seller",),
    "packing_video": ("seller",),
    "pack_weight_record": ("seller",),
    "listing_snapshot": ("platform", "seller"),
    "invoice_authorisation": ("seller",),
    "expert_or_brand_letter": ("buyer",),
    "item_photo": ("buyer", "seller"),
    "unboxing_video": ("buyer", "seller"),
    "outer_box_photo": ("buyer",),
    "fault_video": ("buyer", "seller"),
    "chat_transcript": ("platform",),
    "address_history": ("platform",),
    "serial_record": ("seller", "buyer"),
    "return_inspection": ("seller", "platform"),
    "return_dropoff_receipt": ("buyer", "carrier"),
    "police_report_or_affidavit": ("buyer", "seller"),
    "refund_or_replacement_proof": ("seller",),
}
"""The parties who can give each kind of evidence."""

HASHED: Final = ("evidence.sha256", "evidence.phash", "evidence.catalogue_image")
CHECKED: Final = ("evidence.linked", "evidence.legible", "evidence.synthetic_score", *HASHED)
"""What tells whether an item is admissible, where it is supplied."""

ByKind = NDArray[np.bool_]
"""Which kinds each ask has: (asks, kinds)."""


def admissible(view: View) -> Flags:
    """Which items of evidence may count: linked, legible, of this case alone, and not known to be synthetic."""
    rows = view.rows("evidence")
    made = rows.numbers("synthetic_score") >= SYNTHETIC
    used = view.once(reuse.files_used_elsewhere) | view.once(reuse.images_used_elsewhere)
    return np.asarray((rows.numbers("linked") != 0) & (rows.numbers("legible") != 0) & ~made & ~used)


def by_kind(view: View, which: Flags) -> ByKind:
    """Which kinds each ask has among these items, of those that are admissible."""
    rows = view.rows("evidence")
    kind, n = rows.codes("kind", EVIDENCE_KINDS), len(EVIDENCE_KINDS)
    there = which & view.once(admissible) & (kind >= 0)
    found = np.zeros(len(view.asks) * n, dtype=bool)
    found[rows.ask[there] * n + kind[there]] = True
    return found.reshape(-1, n)


def _shown(view: View) -> ByKind:
    return by_kind(view, np.ones(len(view.rows("evidence").ask), dtype=bool))


def _agreeing(view: View) -> ByKind:
    return by_kind(view, view.rows("evidence").numbers("supports_claim") == 1)


def _contradicting(view: View) -> ByKind:
    return by_kind(view, view.rows("evidence").numbers("supports_claim") == 0)


def _kind_facts(place: int, kind: str) -> tuple[ListedFact, ListedFact, ListedFact]:
    def shown(view: View) -> Numbers:
        return view.once(_shown)[:, place].astype(np.float64)

    def agrees(view: View) -> Numbers:
        yes, no = view.once(_agreeing)[:, place], view.once(_contradicting)[:, place]
        return np.where(yes == no, np.nan, np.where(yes, 1.0, 0.0))

    def read_at_all(view: View) -> Numbers:
        return np.where(view.once(_agreeing)[:, place] != view.once(_contradicting)[:, place], 1.0, 0.0)

    said = kind.replace("_", " ")
    shown.__doc__ = f"Whether evidence of the kind '{said}' is there and admissible."
    agrees.__doc__ = f"Whether what was read in evidence of the kind '{said}' agrees with the claim."
    read_at_all.__doc__ = f"Whether admissible evidence of the kind '{said}' could be read, and says one thing only."
    there = Telling(("evidence.kind",), GIVEN_BY[kind], (kind,), also=CHECKED)
    read = Telling(("evidence.kind", "evidence.supports_claim"), GIVEN_BY[kind], (kind,), also=CHECKED)
    return (
        flag(f"{kind}_shown", shown, there),
        flag(f"{kind}_read", read_at_all, read),
        flag(f"{kind}_agrees", agrees, read),
    )


KIND_FACTS: Final[tuple[ListedFact, ...]] = tuple(
    fact for place, kind in enumerate(EVIDENCE_KINDS) for fact in _kind_facts(place, kind)
)
