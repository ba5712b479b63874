"""Every number of a world, named, with where it comes from; a world file may change any of them.

A source in brackets is the project's own list of sources; ASSUMED means that we chose it and nothing public says so.
"""

import tomllib
from collections.abc import Mapping
from dataclasses import MISSING, dataclass, field, fields, replace
from datetime import date
from pathlib import Path
from types import MappingProxyType
from typing import Any, Final, Self

from features.errors import TriageError
from training.simulate.shares import ASKED, CONTESTED, STARTS

A = "ASSUMED"
MOST_ORDERS: Final = 600_000
"""As many orders as the ids of a block have room for."""


class BadWorld(TriageError):
    """A world file names a number that does not exist, or gives one a value that cannot be."""


def _p(default: Any, says: str, source: str = A) -> Any:
    told = {"says": says, "source": source}
    if isinstance(default, dict):
        return field(default_factory=lambda: MappingProxyType(default), metadata=told)
    return field(default=default, metadata=told)


@dataclass(frozen=True, slots=True)
class World:
    """All parameters of a simulated marketplace."""

    # time and size
    last_day: str = _p("2026-10-31", "the world's last day; what would be known later is not written")
    days: int = _p(730, "days of orders")
    growth: float = _p(0.15, "yearly growth of orders")
    peak_orders: float = _p(1.8, "orders on a day before Christmas, relative")
    peak_trouble: float = _p(1.5, "late and lost parcels in that season, relative")
    weekend_orders: float = _p(1.1, "orders on a weekend day, relative")
    block_orders: int = _p(400_000, "orders simulated at once; blocks share sellers and carriers, not buyers")
    cases_per_seller: float = _p(45.0, "disputes per seller, on average")
    fewest_sellers: int = _p(300, "sellers in a small world")
    cases_per_arbitrator: float = _p(1500.0, "disputes per arbitrator")

    # sellers and goods
    seller_size_tail: float = _p(1.25, "exponent of the sellers' sizes; smaller means larger large ones")
    largest_seller: float = _p(30.0, "size of the largest seller, in median sellers or so")
    sellers_abroad: float = _p(0.22, "sellers who ship from China")
    seller_languages: tuple[float, ...] = _p((0.8, 0.12, 0.08), "sellers at home by language: en, zh, es")
    category_mix: tuple[float, ...] = _p((28, 27, 12, 12, 8, 5, 8), "orders by category", "[O1] buyers; mix ASSUMED")
    fulfilment_mix: tuple[float, ...] = _p((0.55, 0.27, 0.18), "platform label, own label, platform warehouse")
    carrier_mix: tuple[float, ...] = _p((0.3, 0.3, 0.25, 0.15), "orders by carrier")
    channel_mix: tuple[float, ...] = _p((0.25, 0.35, 0.25, 0.15), "orders from livestream, video, shop tab, search")
    crooked_sellers: float = _p(0.012, "sellers who send decoys and deny returns")
    free_return_sellers: float = _p(0.35, "sellers who pay for every return")
    filming_sellers: tuple[float, float] = _p((0.1, 0.22), "sellers who film packing: base, and more per size step")
    away_at_lunar_new_year: float = _p(0.7, "Chinese-speaking sellers away for fifteen days")
    away_otherwise: float = _p(0.25, "smaller sellers who go away once without a deputy")
    price_median_cents: int = _p(2_250, "median price", "§9: mean $35 to $43 [O1][O2]; form ASSUMED")
    price_spread: float = _p(0.7, "spread of log prices of one sort of thing")
    mislisted_products: float = _p(0.052, "products whose listing says what they are not")
    spoken_share: float = _p(0.3, "of those, told wrongly only in a livestream or video")
    flaws_told: float = _p(0.05, "products whose flaw stands in the listing")
    wrong_charts: float = _p(0.04, "clothes with a wrong size chart")
    fake_products: float = _p(0.004, "counterfeits among honest sellers' products")
    wrong_bins: float = _p(0.06, "warehouse products whose bin once holds another variant for two days")
    vouchers: float = _p(0.3, "orders with a platform voucher")
    split_orders: float = _p(0.35, "orders of several units sent in two parcels")

    # buyers
    orders_per_buyer: float = _p(14.0, "orders per buyer in the world's time")
    buyer_activity: float = _p(1.2, "shape of how unequally buyers order")
    buyers_per_address: float = _p(1.5, "buyers who share an address")
    family_devices: float = _p(0.2, "buyers who order from the device of somebody at the same address")
    family_payments: float = _p(0.3, "buyers who pay by the means of somebody at the same address")
    homes_per_street: int = _p(60, "addresses per street, very unequal")
    buyer_languages: tuple[float, ...] = _p((0.76, 0.08, 0.16), "buyers by language: en, zh, es")
    opportunists: float = _p(0.14, "buyers who bend a reason when it pays")
    abusers: float = _p(0.02, "buyers who make most false claims", "§9 ASSUMED: 2 % make 45 %")
    rings_per_block: int = _p(2, "rings of accounts, each beside a dormitory")
    ring_accounts: int = _p(5, "accounts of a ring, at two addresses")
    dormitory_buyers: int = _p(60, "honest buyers at one address")
    honest_lies: float = _p(0.0002, "well-delivered orders about which an honest buyer says something false")
    opportunist_lies: float = _p(0.0022, "the same of opportunists")
    abuser_lies: float = _p(0.045, "the same of abusers")
    ring_lies: float = _p(0.22, "the same of ring accounts")
    thief_as_cover: float = _p(8.0, "false claims while a thief works the street, relative")
    remorse: float = _p(0.11, "well-delivered orders regretted", "§9 [N1][N6]: most returns are fit or remorse")
    remorse_returned: float = _p(0.85, "regretted orders that are sent back in the ordinary way")
    disguises: tuple[float, ...] = _p((0.008, 0.09, 0.3, 0.3), "regret called a defect, by kind of buyer")
    impatience: float = _p(0.006, "orders complained of before they are due")
    taken_accounts: float = _p(0.0002, "orders by somebody who took over the account")
    family_orders: float = _p(0.00025, "orders by the buyer's own family, disowned")
    dropped_by_buyer: float = _p(0.003, "fragile goods dropped by the buyer and blamed on others")
    misuse: float = _p(0.004, "goods spoiled by wrong use")
    hopes: float = _p(0.012, "goods as listed that disappoint")
    doubts: float = _p(0.002, "genuine goods doubted")
    replacements_forgotten: float = _p(0.03, "faulty goods whose promised replacement is never sent")

    # packing
    warehouse_care: float = _p(0.6, "errors of the platform's warehouse relative to an average seller's")
    wrong_item: float = _p(0.0048, "parcels with another product in them")
    short_item: float = _p(0.0042, "parcels with a part missing")
    empty_by_mistake: float = _p(0.0003, "sealed empty")
    decoys: float = _p(0.06, "orders of crooked sellers answered with a one-ounce envelope")
    stale_goods: float = _p(0.015, "perishable goods packed past or close to their date")
    defective: float = _p(0.024, "pieces that do not work")
    label_errors: float = _p(0.0008, "labels on which the seller transposes the house number")
    platform_address_errors: float = _p(0.0001, "addresses changed by the platform's address check")
    buyer_address_errors: float = _p(0.0012, "addresses the buyer mistyped")
    never_shipped: float = _p(0.0016, "orders the seller never hands over")
    second_forgotten: float = _p(0.012, "second parcels that are never handed over")
    handling_days: float = _p(1.6, "mean days to hand over", "§9 ASSUMED")
    forgotten_days_share: float = _p(0.025, "orders that lie for days before they are handed over")
    box_grams: int = _p(90, "weight of an empty box")

    # on the way and at the door
    transit_days: float = _p(2.4, "mean days in transit, before the round to the doors", "[O3]: 2.56 in 2023")
    carrier_late: float = _p(0.05, "parcels that wait on the way", "§9 [O3][O4]: 94 to 98 % on time")
    late_tail_days: float = _p(3.0, "mean days of such a wait", "§9 ASSUMED")
    lost: float = _p(0.0035, "parcels lost", "§9: lost or damaged about 1 % [O6]; 0.4 % ASSUMED")
    lost_then_found: float = _p(0.15, "lost parcels that turn up")
    bad_weeks_per_year: float = _p(6.0, "weeks in which one carrier's hub in one region fails")
    carrier_weeks_per_year: float = _p(0.5, "weeks in which a carrier fails everywhere")
    trailers_per_year: float = _p(16.0, "trailers stolen or burnt with what one lane carried for four days")
    trailer_takes: float = _p(0.85, "parcels of those days that are lost with such a trailer")
    bad_hub_losses: float = _p(5.0, "losses at a failing hub, relative")
    crushed_boxes: float = _p(0.08, "boxes that arrive dented", "§9: 10 % in a test buy [O8]; 8 % ASSUMED")
    padding_after_clause: float = _p(0.75, "unpadded parcels once the clause on packing is known, relative")
    breaks_padded: float = _p(0.18, "fragile goods that break in a dented, padded box")
    breaks_unpadded: float = _p(0.55, "... in a dented box without padding")
    breaks_without_crush: float = _p(0.04, "... without padding in a box that looks whole")
    damage_noted: float = _p(0.4, "broken goods of which the carrier itself notes the dented box")
    pilfered: float = _p(0.0006, "parcels opened on the way")
    misdelivered: float = _p(0.0015, "parcels left at another door", "§9 ASSUMED: 0.15 %")
    refused_or_absent: float = _p(0.0025, "parcels nobody takes in")
    never_attempted: float = _p(0.0007, "parcels sent back without an attempt")
    signature_from_cents: int = _p(75_000, "value from which a signature is asked for", "[P1][B1]: $750")
    signed_share: float = _p(0.08, "cheaper parcels that are signed for")
    left_unattended: float = _p(0.6, "unsigned parcels left where anybody passes")
    sprees_per_street_year: float = _p(0.5, "times a year a thief works a street for three days")
    spree_takes: float = _p(0.32, "parcels left outside that such a thief takes")
    single_thefts: float = _p(
        0.0035, "parcels left outside that are stolen otherwise", "§9 [O9][O10][O11]: 0.26 to 1.1 %"
    )
    taken_in_share: float = _p(0.0022, "parcels taken in by somebody at home who does not say so")
    geo_share: float = _p(0.7, "deliveries with a position", "§9 ASSUMED")
    photo_share: float = _p(0.55, "deliveries with a photo", "§9 ASSUMED")
    weight_missing: float = _p(0.3, "parcels never weighed on the way", "§9 ASSUMED")
    weight_copied: float = _p(0.35, "weights that only repeat the declared one")
    weight_noise: float = _p(0.03, "spread of a scale, as a share of the weight", "§9 ASSUMED")

    # the way back
    drop_off_mix: tuple[float, ...] = _p((0.35, 0.5, 0.15), "returns dropped at a bar, a counter, a collection box")
    returns_to_warehouse: float = _p(0.3, "sellers' returns received by the platform's warehouse")
    platform_return_labels: float = _p(0.6, "return labels bought by the platform")
    return_transit_days: float = _p(4.0, "mean days of a return's way")
    item_scans: float = _p(0.85, "drops at a bar at which the item itself is scanned")
    tote_swaps: float = _p(0.012, "pairs dropped at one bar on one day that change places")
    lost_on_return: float = _p(0.004, "returns lost on the way")
    hurt_on_return: float = _p(0.012, "fragile returns damaged on the way")
    mislaid: float = _p(0.005, "returns mislaid in the warehouse")
    misgraded: float = _p(0.006, "returns graded wrongly by the warehouse")
    refund_stuck: float = _p(0.0012, "refunds lost in the platform's own run")
    refund_withheld: float = _p(0.003, "refunds a careless seller does not pay")
    crooked_on_returns: float = _p(0.05, "returns a crooked seller denies, rejects or calls another thing")
    sellers_wrong_on_returns: float = _p(0.0006, "the same of other sellers")
    never_dropped: tuple[float, ...] = _p((0.002, 0.008, 0.04, 0.05), "returns never dropped off, by kind of buyer")
    used_returns: tuple[float, ...] = _p((0.012, 0.07, 0.2, 0.2), "returns used or hurt by the buyer, by kind")
    switched_returns: tuple[float, ...] = _p((0.0003, 0.004, 0.07, 0.2), "returns with something else in them, by kind")
    switched_electronics: float = _p(8.0, "the same of goods that bear a serial number, relative")
    altered_labels: tuple[float, ...] = _p((0.0, 0.001, 0.03, 0.08), "returns sent elsewhere under an altered label")

    # who disputes
    contested: Mapping[str, float] = _p(CONTESTED, "orders with this story that become a dispute")
    asked: Mapping[str, float] = _p(ASKED, "orders with this story whose buyer asks for anything at all")
    value_exponent: float = _p(0.25, "how disputes grow with the price")
    spree_disputes: float = _p(
        2.5, "disputes of the robbed where a thief is at work; sellers doubt many claims from one street"
    )
    trailer_disputes: float = _p(2.5, "disputes of parcels lost with a trailer, which nobody can trace, relative")
    away_disputes: float = _p(1.6, "disputes with a seller who is away, relative")

    # what parties do then
    offers_taken: float = _p(0.3, "partial offers taken by a buyer of average patience")
    liars_withdraw: float = _p(0.05, "false claims given up when the seller answers")
    silence_defaults: float = _p(0.45, "silent sellers against whom the case is decided by default")
    auto_rule_cents: int = _p(1_000, "claims up to this may be refunded by rule", "[T4]: $10")
    auto_rules: float = _p(0.35, "such claims that are")
    attaches: float = _p(0.65, "answers with the evidence that serves the seller", "§9 ASSUMED: 65 %")
    makes_on_request: float = _p(0.5, "honest parties who photograph or write what they are asked for and do not have")
    honest_hand_in: float = _p(0.45, "honest parties who hand in, when asked, what speaks against them")
    buyer_answers: float = _p(0.78, "requests that buyers answer within three days", "§9 ASSUMED: 78 %")
    seller_admissions: float = _p(0.14, "sellers at fault who say so")
    buyer_admissions: float = _p(0.16, "buyers at fault who say so")
    tells_detail: tuple[float, float] = _p((0.4, 0.2), "claims with a detail: honest, false")
    presses: tuple[float, float] = _p((0.07, 0.22), "claims that press: honest, false")
    injuries: float = _p(0.5, "swollen power banks with an injury mentioned")
    carrier_traces: float = _p(0.45, "claims of non-receipt for which the carrier is asked to trace")
    late_claims: float = _p(0.08, "claims of things that did not come made weeks later")
    same_file: float = _p(0.4, "pictures used again that are the very same file")
    listing_pictures: float = _p(0.025, "honest photographs of a piece that are the listing's own picture")
    stock_recognised: float = _p(0.85, "stock pictures that the check recognises as such")
    reused_images: float = _p(0.85, "staged pictures that were used before", "§9 ASSUMED: 1.5 % of all pictures")
    synthetic_images: float = _p(0.34, "staged pictures made by a machine, rising", "§9 ASSUMED: 1 % of all [F1]")

    listings_corrected: float = _p(0.25, "sellers who change a wrong listing as soon as a buyer complains")
    carrier_claims: float = _p(0.5, "damages for which the carrier is asked to pay")
    carrier_denials: tuple[float, float] = _p((0.5, 0.85), "of those, denied for packing: well packed, badly packed")
    chargebacks: float = _p(0.012, "cases in which the buyer goes to the bank as well")
    second_claims: float = _p(0.35, "buyers missing a second parcel who had claimed before it was due")
    reasons_changed: float = _p(0.015, "claims whose reason is changed later")

    # the desk
    rules_at_sight: float = _p(0.75, "plain claims on which the desk rules as soon as they are opened")
    intake_asks: float = _p(0.35, "other claims of which evidence is asked for at once, from both sides")
    intake_days: float = _p(2.0, "days for buyers to answer that; sellers answer with their review")
    evidence_days: float = _p(3.0, "days to answer a request of the desk", "§5 ASSUMED: 72 hours")
    further_days: float = _p(2.0, "days to answer what is asked for after the close")
    asks_again: float = _p(0.45, "doubtful cases in which a thorough arbitrator asks for what was not asked for yet")
    closing_hours: float = _p(8.0, "mean hours from the last deadline or answer to the close of evidence")
    answers_late: float = _p(0.12, "honest answers that come after the deadline; others delay less and withhold more")
    clear_margin: float = _p(2.6, "log-odds from which a case is ruled on as it came")
    doubt_margin: float = _p(1.0, "log-odds under which an arbitrator may find the evidence wanting")
    says_insufficient: float = _p(0.6, "doubtful rulings that say so")
    provisional_share: float = _p(0.15, "doubtful rulings that are provisional")
    undetermined_share: float = _p(0.12, "doubtful rulings that name nobody")
    ruling_hours: float = _p(22.0, "median hours from the close of evidence to the ruling")
    seller_appeals: float = _p(0.065, "rulings against the seller that are appealed", "§9 ASSUMED: 8 %")
    buyer_appeals: float = _p(0.04, "rulings against the buyer that are appealed")
    overturns_new: float = _p(0.5, "wrong rulings turned by something new")
    overturns_old: float = _p(0.22, "wrong rulings turned without")
    overturns_right: float = _p(0.04, "right rulings turned")

    # arbitrators
    arbitrator_error: float = _p(
        0.05, "rulings on the merits that are wrong, as first made", "§9: 2 to 5 % ASSUMED [Q7]"
    )
    skill_spread: float = _p(0.25, "spread of arbitrators' skill")
    lean_spread: float = _p(0.5, "spread of their lean to buyers or sellers, log-odds")
    policy_lag_days: int = _p(45, "days until the slowest apply a new policy")
    reading_weight: float = _p(0.8, "weight of the reading; below 1 because findings overlap")
    ruling_noise: float = _p(0.5, "scale of chance in a ruling")
    unread_language: float = _p(0.75, "insight into files in a language the arbitrator does not read")
    skips: float = _p(0.08, "items that an arbitrator with the usual load does not look at")
    proposals_seen: float = _p(0.7, "cases in which those who open proposals do")
    deference: float = _p(0.8, "pull of a proposal seen, log-odds")
    proposal_readers: float = _p(0.5, "arbitrators who open the proposal before they rule")

    # the error floor
    floor_share: float = _p(0.03, "cases that come in pairs alike in all that can be observed, different in truth")
    floor_gap: float = _p(1.2, "log-odds within which a file fits two stories about as well")

    # change
    starts: Mapping[str, str] = _p(STARTS, "days from which mechanisms work; empty: always; never: not at all")
    drift_strength: float = _p(
        2.0, "false claims, thefts and machine-made pictures once the drift is switched on, relative"
    )

    def __post_init__(self) -> None:
        for f in fields(self):
            _must_be_like(f.name, getattr(self, f.name), _default(f))
        if not 10_000 <= self.block_orders <= MOST_ORDERS:
            raise BadWorld(f"block_orders must lie between 10000 and {MOST_ORDERS}.")
        _must_be_days({"last_day": self.last_day} | {k: v for k, v in self.starts.items() if v not in ("", "never")})

    @classmethod
    def load(cls, path: Path | None) -> Self:
        """The world a TOML file describes; without one, the usual world."""
        if path is None:
            return cls()
        try:
            given = tomllib.loads(path.read_text(encoding="utf-8"))
        except (OSError, ValueError) as error:
            raise BadWorld(f"{path} cannot be read as TOML: {error}") from error
        return cls().changed(given)

    def changed(self, given: Mapping[str, Any]) -> Self:
        """The same world with some numbers changed; a name that does not exist is refused."""
        known = {f.name: getattr(self, f.name) for f in fields(self)}
        new = {}
        for name, value in given.items():
            if name not in known:
                raise BadWorld(f"A world has no number named {name!r}; leave it out.")
            new[name] = _merged(name, known[name], value)
        return replace(self, **new)


def _default(f: Any) -> Any:
    return f.default if f.default is not MISSING else f.default_factory()


def _merged(name: str, old: Any, value: Any) -> Any:
    if isinstance(old, Mapping):
        if not isinstance(value, Mapping) or set(value) - set(old):
            raise BadWorld(f"{name} must be a table with some of these names: {', '.join(old)}.")
        return MappingProxyType({**old, **value})
    return tuple(value) if isinstance(old, tuple) and isinstance(value, list) else value


def _must_be_days(given: Mapping[str, str]) -> None:
    for name, day in given.items():
        try:
            date.fromisoformat(day)
        except ValueError:
            raise BadWorld(f"{name} must be a day as 2026-03-31, not {day!r}.") from None


def _must_be_like(name: str, value: Any, default: Any) -> None:
    """Refuse a value of another kind, a share below 0, or a list of another length."""
    if isinstance(default, Mapping):
        for key, old in default.items():
            _must_be_like(f"{name}.{key}", value[key], old)
        return
    if isinstance(default, tuple):
        if not isinstance(value, tuple) or len(value) != len(default):
            raise BadWorld(f"{name} must be a list of {len(default)} numbers.")
        for one in value:
            _must_be_like(name, one, 0.0)
        return
    kinds = (int, float) if isinstance(default, float) else (type(default),)
    if isinstance(value, bool) or not isinstance(value, kinds) or (not isinstance(value, str) and value < 0):
        raise BadWorld(f"{name} must be {'text' if isinstance(default, str) else 'a number, not below 0'}.")
