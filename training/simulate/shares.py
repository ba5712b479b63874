"""The tables among a world's numbers: which stories are disputed and asked about, which mechanisms work since when.

All of them are ASSUMED, and chosen so that the reasons of the disputes come out as in the calibration table.
"""

from typing import Final

CONTESTED: Final = {
    "all_well": 0.0, "never_shipped": 0.13, "lost_unscanned": 0.2, "lost": 0.2, "lost_then_found": 0.25,
    "stolen": 0.11, "taken_in": 0.09, "misdelivered": 0.2, "seller_mislabelled": 0.2, "platform_mislabelled": 0.3,
    "buyer_address": 0.08, "decoy": 0.45, "refused": 0.03, "not_attempted": 0.1, "late_dispatch": 0.012,
    "late_carrier": 0.008, "late_both": 0.012, "impatient": 0.01, "crushed": 0.12, "unpadded": 0.15,
    "crushed_unpadded": 0.2, "broken_by_buyer": 0.15, "box_only": 0.0008, "faulty": 0.07, "misused": 0.03,
    "mislisted": 0.017, "flaw_told": 0.003, "expected_more": 0.014, "wrong_item": 0.14, "short": 0.11,
    "pilfered": 0.2, "empty_by_mistake": 0.2, "second_coming": 0.004, "second_lost": 0.2, "second_never": 0.25,
    "fake": 0.045, "doubted": 0.02, "stale": 0.12, "spoiled": 0.12, "wrong_chart": 0.012, "does_not_fit": 0.005,
    "changed_mind": 0.004, "disguised_remorse": 0.2, "account_taken": 0.3, "family_order": 0.25,
    "replacement_unsent": 0.3, "false_denial": 0.6, "false_empty": 0.45, "false_fault": 0.4, "false_fake": 0.4,
    "used_return": 0.08, "hurt_on_return": 0.2, "rejected_wrongly": 0.4, "misgraded": 0.3, "switched": 0.5,
    "tote_swapped": 0.35, "switch_invented": 0.5, "pilfered_return": 0.4, "never_dropped": 0.1,
    "lost_on_return": 0.25, "mislaid": 0.3, "altered_label": 0.5, "receipt_denied": 0.5, "refund_withheld": 0.25,
    "refund_stuck": 0.2,
}  # fmt: skip

ASKED: Final = dict.fromkeys(CONTESTED, 0.6) | {
    "all_well": 0.004, "late_dispatch": 0.2, "late_carrier": 0.2, "late_both": 0.3, "box_only": 0.04,
    "mislisted": 0.15, "flaw_told": 0.05, "expected_more": 0.4, "fake": 0.2, "doubted": 0.3, "second_coming": 0.1,
    "does_not_fit": 0.95, "changed_mind": 0.95, "lost": 0.9, "never_shipped": 0.9, "stolen": 0.8,
}  # fmt: skip

STARTS: Final = {
    "porch_thief": "", "bad_weeks": "", "lost_trailers": "", "decoy": "", "altered_label": "", "tote_swap": "",
    "wrong_bin": "", "ring": "", "listing_edits": "", "chargebacks": "", "reused_images": "", "synthetic_images": "",
    "padding_clause": "2026-03-01", "proposals": "2026-01-01", "drift": "never",
}  # fmt: skip
