"""The calibration table: rates of the simulated world beside public ones, and where those come from.

ASSUMED says that nothing public was found and the figure is our own choice; it is no fact.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

import numpy as np
from rich import box
from rich.table import Table

from features.vocabulary import LIABLE
from training.simulate.floor import floor_error
from training.simulate.tally import Tally
from training.simulate.world import World


@dataclass(frozen=True, slots=True)
class Line:
    """One line: what is compared, its name in the tally, the public or assumed figure, and the source."""

    says: str
    name: str
    beside: str
    source: str
    unit: str = "%"


LINES: Final = (
    Line("orders sent back in the ordinary way", "returned", "15.8 to 19.3", "[N1] share of sales, all channels"),
    Line("dishonest returns among them", "dishonest returns", "9 to 15", "[N2][N3] definitions differ"),
    Line("orders whose buyer asks for anything", "asked", "12", "ASSUMED"),
    Line("orders that become a dispute", "disputed", "about 1", "[Q1] eBay, purchases with a problem"),
    Line("orders escalated to the platform", "escalated", "0.7", "ASSUMED"),
    Line("mean paid for a line", "paid", "35 to 43", "[O1][O2]", "$"),
    Line("mean days from hand-over to the door", "transit days", "2.6", "[O3]", "days"),
    Line("delivered by the promised date", "on time", "94 to 98", "[O3][O4]"),
    Line("parcels lost", "lost", "0.4", "ASSUMED; lost or damaged about 1 [O6]"),
    Line("boxes dented", "box damaged", "8 to 10", "[O8] a test buy; 8 ASSUMED"),
    Line("goods broken on the way", "item damaged", "0.5 to 0.8", "[O8]; 0.8 ASSUMED"),
    Line("deliveries stolen", "stolen", "0.26 to 1.1", "[O9][O10][O11] over 22 B parcels"),
    Line("deliveries at another door", "misdelivered", "0.15", "ASSUMED"),
    Line("deliveries denied, whether asked about or not", "denied", "0.6", "ASSUMED"),
    Line("deliveries with a photo", "photo", "55", "ASSUMED"),
    Line("deliveries with a position", "geo", "70", "ASSUMED"),
    Line("parcels never weighed on the way", "never weighed", "30", "ASSUMED"),
    Line("claims answered by the seller in time", "answered in time", "80", "ASSUMED"),
    Line("answers with the evidence that serves", "attached", "65", "ASSUMED"),
    Line("requests answered by buyers in 24 hours", "buyer answers in 24 h", "60", "ASSUMED"),
    Line("requests answered by buyers in 72 hours", "buyer answers in 72 h", "78", "ASSUMED"),
    Line("disputes with a false claim", "abusive", "8 to 20", "ASSUMED"),
    Line("of those, by the few buyers who make most", "abusive by few", "45", "ASSUMED"),
    Line("buyers' files used before", "reused", "1.5", "ASSUMED [F1]"),
    Line("buyers' files made by a machine", "synthetic", "1.0", "ASSUMED [F1]"),
    Line("decided by default", "default", "", "no figure found"),
    Line("buyer wins on the merits", "buyer wins", "62", "ASSUMED"),
    Line("... lost in transit", "buyer wins inr_lost_in_transit", "95", "ASSUMED"),
    Line("... not as described", "buyer wins not_as_described", "70", "ASSUMED"),
    Line("... delivered but denied", "buyer wins inr_delivered_denied", "40", "ASSUMED"),
    Line("seller losses appealed", "seller appeals", "8", "ASSUMED"),
    Line("appeals that overturn", "overturned", "22", "ASSUMED"),
    Line("rulings made after a proposal was seen", "saw proposal", "", "no figure found"),
    Line("rulings on the merits that are wrong", "erred", "2 to 5", "ASSUMED [Q7]"),
)
REASONS: Final = {
    "inr_delivered_denied": 15, "inr_lost_in_transit": 11, "not_as_described": 13, "damaged_item": 12, "defective": 12,
    "wrong_item": 6, "missing_item_parts": 7, "empty_box": 2, "late_delivery": 5, "counterfeit": 3,
}  # fmt: skip
"""Shares of escalated cases, per cent; ASSUMED."""
FAULT: Final = {"seller": 48, "carrier": 22, "buyer": 20, "platform": 4, "shared": 6}
"""Shares of fault on the merits, per cent; ASSUMED, while the bench derives its own from what happened."""


def described(world: World, tally: Tally) -> Iterator["str | Table"]:
    """The table, and the error floor below it."""
    table = Table(title="The simulated world beside public figures", box=box.SIMPLE, title_justify="left")
    for heading in ("what", "simulated", "public", "source"):
        table.add_column(heading, justify="right" if heading in ("simulated", "public") else "left")
    for row in rows(tally):
        table.add_row(*row)
    yield table
    cases = tally.count("paired")
    best = 1 - floor_error(round(tally.share("paired") * cases / 2), round(cases))
    yield (
        f"Error floor: {tally.share('paired'):.1%} of the cases come in pairs that nobody can tell apart, so no answer "
        f"is right in more than {best:.2%} of all, whatever is learnt."
    )
    yield f"Arbitrators are set to err in {world.arbitrator_error:.1%} of their rulings on the merits."


def rows(tally: Tally) -> Iterator[tuple[str, str, str, str]]:
    """What is compared, the simulated figure, the public one, and its source."""
    for line in LINES:
        yield line.says, _shown(tally.share(line.name), line.unit), line.beside, line.source
    median = f"{np.median(tally.days_to_ruling):.1f} days"
    yield "median time from claim to ruling", median, "3 to 4 days", "[Q4]; median 4 ASSUMED"
    for reason, share in REASONS.items():
        yield f"claims of {reason}", _shown(tally.share(f"reason {reason}")), str(share), "ASSUMED"
    for party in LIABLE:
        beside = FAULT.get(party)
        source = "no figure found" if beside is None else "ASSUMED"
        yield f"fault with: {party}", _shown(tally.share(f"liable {party}")), str(beside or ""), source


def _shown(value: float, unit: str = "%") -> str:
    if np.isnan(value):
        return "-"
    if unit == "%":
        return f"{100 * value:.1f} %" if value >= 0.01 else f"{100 * value:.2f} %"
    return f"${value:.0f}" if unit == "$" else f"{value:.1f} {unit}"
