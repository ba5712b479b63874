"""Puts claims and intents into words: an opening, a matter, a detail and an end, chosen among many of a language.

Those to whom a thing happened are likelier to tell a detail of it, those who invent it to press; both do either.
"""

from collections.abc import Mapping
from typing import Final

import numpy as np
import pyarrow as pa

from features.tables import DAY
from features.vocabulary import REASONS, REMEDIES
from training.simulate.block import Block
from training.simulate.calendar import near_lunar_new_year
from training.simulate.columns import Ints
from training.simulate.draws import Draws
from training.simulate.matters import detail_of, matter_of_admission, matter_of_claim
from training.simulate.phrases.en import ENGLISH
from training.simulate.phrases.es import SPANISH
from training.simulate.phrases.language import Claiming, Phrases
from training.simulate.phrases.zh import CHINESE
from training.simulate.products import ITEMS
from training.simulate.routes import CARRIERS
from training.simulate.sellers import CATEGORIES
from training.simulate.stories import HONEST, NAMES
from training.simulate.talk import INTENTS
from training.simulate.world import World

BY_LANGUAGE: Final = (ENGLISH, CHINESE, SPANISH)
MOST: Final = 40
"""Messages per case that can be told apart by their chance."""
LUCK: Final = 2**31


class Words:
    """The words of a block's claims and messages; both cases of a floor pair have the same."""

    def __init__(self, world: World, block: Block, draws: Draws) -> None:
        self._world, self._chance, self._block = world, draws.of("words"), block
        life = block.disputes.seen.life
        self._life = life
        self._category = [CATEGORIES[c] for c in life.goods.category]
        self._by_seller = block.disputes.seen.claim.by_seller
        self._item = [ITEMS[c][i] for c, i in zip(life.goods.category, life.goods.item, strict=True)]
        self._days = np.maximum((life.opened_at - life.sold.placed_at) // DAY, 1)
        self._reason = [REASONS[r] for r in block.disputes.seen.claim.reason]
        self._story = life.looks
        self._came = life.door.delivered & (life.door.delivered_at < life.opened_at)
        self._at_new_year = life.seller.away_lunar & near_lunar_new_year(life.opened_at)
        self._honest = HONEST[self._story].astype(np.int64)

    def claims(self) -> pa.Array:
        """The claim of each case in the buyer's words."""
        claim, n = self._block.disputes.seen.claim, len(self._reason)
        luck = self._luck(n, self._block.pair)
        tells = np.array(self._world.tells_detail)[1 - self._honest]
        presses = np.array(self._world.presses)[1 - self._honest]
        remedies = [REMEDIES[r] for r in claim.remedy]
        texts = []
        for case in range(n):
            said = BY_LANGUAGE[claim.language[case]].claiming
            reason, chance = self._reason[case], luck[case]
            if self._by_seller[case]:
                numbered = f"{reason} serial" if self._life.goods.serial[case] else reason
                parts = [_one(said.by_seller.get(numbered, said.by_seller[reason]), chance[1])]
                texts.append(self._written(parts, case, int(claim.language[case]), int(chance[6])))
                continue
            own = said.of_item.get(f"{reason} {self._item[case][0]}", ())
            if self._life.sold.quantity[case] > 1:
                own += said.of_item.get(f"{reason} many", ())
            often = reason == "defective" or self._life.sold.two_parcels[case]
            core = own if own and (often or chance[6] % 5 < 3) else self._usual(said, case)
            parts = [_one(said.openings, chance[0]), _one(core, chance[1])]
            if chance[3] % 1000 < 1000 * tells[case]:
                parts.append(self._detail(said.details, case, chance))
            if chance[5] % 1000 < 1000 * presses[case]:
                parts.append(_one(said.pressure, chance[4]))
            parts.append(_one(said.asks + said.asks_for.get(remedies[case], ()), chance[2]))
            texts.append(self._written(parts, case, int(claim.language[case]), int(chance[6])))
        return pa.array(texts, pa.string())

    def messages(self) -> pa.Array:
        """The words of each message."""
        said, pair = self._block.disputes.seen.messages, self._block.pair
        order = np.lexsort((said.intent, said.sent_at, said.case))
        nth = np.empty(len(said), dtype=np.int64)
        nth[order] = np.arange(len(said)) - np.searchsorted(said.case[order], said.case[order], "left")
        place = np.tile(np.arange(MOST), len(pair))
        of_pair = np.repeat(pair, MOST)
        luck = self._luck(len(pair) * MOST, np.where(of_pair < 0, -1, of_pair * MOST + place))
        texts = []
        for case, intent, language, place_in_case in zip(said.case, said.intent, said.language, nth, strict=True):
            chance = luck[case * MOST + min(place_in_case, MOST - 1)]
            writing, name = BY_LANGUAGE[language].writing, INTENTS[intent]
            matter = matter_of_claim(self._reason[case])
            if name.endswith("admits"):
                matter = matter_of_admission(NAMES[self._story[case]])
            elif name == "seller_away" and self._at_new_year[case]:
                matter = "lunar"
            fitting = writing.about.get(f"{name} {matter}", ())
            core = fitting if fitting and chance[3] % 4 else writing.by_intent[name]
            greets = writing.seller_greets if name.startswith("seller") else writing.buyer_greets
            parts = [_one(greets, chance[0]), _one(core, chance[1]), _one(writing.closings, chance[2])]
            texts.append(self._written(parts, int(case), int(language), int(chance[6])))
        return pa.array(texts, pa.string())

    def _usual(self, said: Claiming, case: int) -> Phrases:
        """What is usually said of a reason, as far as the records allow it."""
        reason = self._reason[case]
        if not self._came[case]:
            return said.when.get(f"{reason} waiting", said.by_reason[reason])
        of_photo = said.when.get(f"{reason} photo", ()) if self._life.door.photo[case] else ()
        return said.by_reason[reason] + of_photo

    def _detail(self, details: Mapping[str, Phrases], case: int, chance: Ints) -> str:
        """A detail of what happened, or of what is said to have happened; empty where none fits."""
        of = detail_of(NAMES[self._story[case]], bool(self._honest[case]), self._reason[case], int(chance[6]))
        if of == "mislisted" and self._life.goods.spoken[case]:
            of = "spoken"
        numbered = f"{of} serial" if self._life.goods.serial[case] else of
        fitting = details.get(f"{of} {self._category[case]}", details.get(numbered, details.get(of, ("",))))
        return _one(fitting, int(chance[4]))

    def _luck(self, n: int, pair: Ints) -> Ints:
        """Chance for each text; both of a pair have the same."""
        luck = self._chance.integers(0, LUCK, (n, 7))
        paired = np.flatnonzero(pair >= 0)
        first = np.full(int(pair.max(initial=-1)) + 1, -1)
        first[pair[paired][::-1]] = paired[::-1]
        luck[paired] = luck[first[pair[paired]]]
        return luck

    def _written(self, parts: list[str], case: int, language: int, style: int) -> str:
        text = _joined([part for part in parts if part], BY_LANGUAGE[language].join)
        if "{" in text:
            carrier = CARRIERS[self._life.sold.carrier[case]]
            paid = self._life.sold.total[case] // 100
            text = text.format(item=self._item[case][language], days=self._days[case], carrier=carrier, paid=paid)
        return _in_style(text, style)


def _joined(parts: list[str], between: str) -> str:
    """Sentences one after the other; what follows a comma or a half sentence begins small."""
    for place in range(1, len(parts)):
        first, *rest = parts[place].split(" ", 1)
        if parts[place - 1][-1] not in ".!?。！？" and first not in ("I", "I'm", "I'd") and not first.startswith("{"):
            parts[place] = " ".join([first.lower(), *rest])
    return between.join(parts)


def _one(among: tuple[str, ...], luck: int) -> str:
    return among[luck % len(among)]


def _in_style(text: str, style: int) -> str:
    """As people type: some without capitals, some without full stops, a few in capitals, some with a slip."""
    kind = style % 100
    if kind < 12:
        text = text.lower()
    if kind < 7 or kind in (20, 21, 22):
        text = text.replace(".", "").replace("。", " ")
    if kind == 30:
        text = text.upper()
    if 40 <= kind < 48 and len(text) > 12:
        at = style // 100 % (len(text) - 4) + 1
        if text[at : at + 2].isascii() and text[at : at + 2].isalpha():
            text = text[:at] + text[at + 1] + text[at] + text[at + 2 :]
    return text
