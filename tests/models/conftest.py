"""The terms of a made-up policy. Choose ``terms`` for money and ``clocks`` for time."""

import pytest

from models.terms import Clocks, Terms


@pytest.fixture(scope="session")
def terms() -> Terms:
    """Bands of 10 to 50 % and $5 to $50, labels of $6.50 and $7.00, a cover of $200, a fifth of fees kept."""
    return Terms(
        shipping_share=0,
        shipping_taxed_share=0,
        refund_share_min=1_000,
        refund_share_max=5_000,
        refund_min_cents=500,
        refund_max_cents=5_000,
        deduct_original_share=0,
        deduct_minor_damage_share=2_000,
        deduct_severe_damage_share=7_000,
        deduct_wrong_item_share=10_000,
        deduct_empty_share=10_000,
        deduct_share_max=5_000,
        refund_admin_share=2_000,
        return_label_cents=650,
        replacement_label_cents=700,
        cover_max_cents=20_000,
        uncovered_seller_share=0,
    )


@pytest.fixture(scope="session")
def clocks() -> Clocks:
    """Every step in a time of its own, so that no two can be mistaken for each other."""
    return Clocks(
        label_within_hours=24,
        drop_off_within_days=14,
        first_return_scan_within_days=3,
        return_arrives_within_days=10,
        grade_within_hours=48,
        refund_within_days=5,
        settle_within_days=2,
        stock_check_within_hours=25,
        difference_within_hours=72,
        first_scan_within_hours=49,
        send_back_within_days=7,
        recharge_notice_days=8,
        claim_within_days=90,
        void_label_within_days=28,
        destroy_within_days=6,
        appeal_within_days=21,
    )
