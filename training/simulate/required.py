"""What the desk asks for when it is missing, by reason: kinds of evidence and the party that would have them."""

from typing import Final

import numpy as np

from features.vocabulary import REASONS
from training.simulate.columns import Flags, Ints

_ABSENT: Final = (("shipping_label_image", "seller"), ("handover_receipt", "seller"))
_DOOR: Final = (("shipping_label_image", "seller"), ("police_report_or_affidavit", "buyer"))
_CONTENTS: Final = (
    ("item_photo", "buyer"), ("unboxing_video", "buyer"), ("packing_video", "seller"), ("pack_weight_record", "seller"),
)  # fmt: skip
_DAMAGE: Final = (("item_photo", "buyer"), ("outer_box_photo", "buyer"), ("packing_photo", "seller"))
_PROMISE: Final = (("item_photo", "buyer"), ("listing_snapshot", "seller"))
_BACK: Final = (("item_photo", "seller"), ("unboxing_video", "seller"), ("return_dropoff_receipt", "buyer"))

REQUIRED: Final = {
    "not_shipped": _ABSENT,
    "inr_lost_in_transit": _ABSENT,
    "inr_delivered_denied": _DOOR,
    "inr_misdelivered": _DOOR,
    "late_delivery": (("handover_receipt", "seller"),),
    "delivery_failed_rts": (("shipping_label_image", "seller"),),
    "address_error": (("shipping_label_image", "seller"),),
    "damaged_item": _DAMAGE,
    "box_damaged_item_ok": (("outer_box_photo", "buyer"),),
    "defective": (("fault_video", "buyer"), ("item_photo", "buyer"), ("fault_video", "seller")),
    "not_as_described": _PROMISE,
    "wrong_item": _CONTENTS,
    "missing_item_parts": _CONTENTS,
    "empty_box": _CONTENTS,
    "partial_shipment": (("pack_weight_record", "seller"),),
    "counterfeit": (("expert_or_brand_letter", "buyer"), ("invoice_authorisation", "seller")),
    "expired_spoiled": (("item_photo", "buyer"), ("packing_photo", "seller")),
    "fit_style": (("listing_snapshot", "seller"),),
    "not_fulfilled_replacement": (("refund_or_replacement_proof", "seller"),),
    "credit_not_processed": (("return_dropoff_receipt", "buyer"), ("refund_or_replacement_proof", "seller")),
    "return_rejected_condition": (*_BACK,),
    "return_wrong_or_empty": (*_BACK, ("serial_record", "seller")),
    "return_not_received": (("return_dropoff_receipt", "buyer"),),
}


def required(names: tuple[tuple[str, str], ...], reason: Ints) -> Flags:
    """(files, cases): which kinds of file the desk wants for each case."""
    wanted = np.zeros((len(names), len(REASONS)), dtype=bool)
    for place, name in enumerate(REASONS):
        for file in REQUIRED.get(name, ()):
            wanted[names.index(file), place] = True
    return wanted[:, reason]
