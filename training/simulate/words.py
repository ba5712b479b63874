"""Puts intents into words: a claim or message is an opening, a matter and an end, chosen among many of its language."""

import numpy as np
import pyarrow as pa

from features.tables import DAY
from features.vocabulary import REASONS
from training.simulate.block import Block
from training.simulate.columns import Ints
from training.simulate.draws import Draws
from training.simulate.phrases import en, es, zh
from training.simulate.products import ITEMS
from training.simulate.routes import CARRIERS
from training.simulate.talk import INTENTS

BY_LANGUAGE = (en, zh, es)


class Words:
    """The words of a block's claims and messages."""

    def __init__(self, block: Block, draws: Draws) -> None:
        self._chance = draws.of("words")
        self._block = block
        life = block.disputes.seen.life
        self._item = np.array(ITEMS, dtype=object)[life.goods.category, life.goods.item]
        self._days = np.maximum((life.opened_at - life.sold.placed_at) // DAY, 1)
        self._carrier = [CARRIERS[c] for c in life.sold.carrier]

    def claims(self) -> pa.Array:
        """The claim of each case in the buyer's words; a floor pair has the same ones."""
        claim, pair = self._block.disputes.seen.claim, self._block.pair
        n = len(claim)
        luck = self._luck(n, pair)
        return pa.array([
            self._claim(case, REASONS[claim.reason[case]], int(claim.language[case]), luck[case]) for case in range(n)
        ], pa.string())  # fmt: skip

    def messages(self) -> pa.Array:
        """The words of each message."""
        said, pair = self._block.disputes.seen.messages, self._block.pair
        nth = np.arange(len(said)) - np.searchsorted(np.sort(said.case), np.sort(said.case), "left")
        order = np.lexsort((said.intent, said.sent_at, said.case))
        rank = np.empty(len(said), dtype=np.int64)
        rank[order] = nth
        luck = self._luck(
            len(pair) * 40,
            np.where(np.repeat(pair, 40) < 0, -1, np.repeat(pair, 40) * 40 + np.tile(np.arange(40), len(pair))),
        )
        return pa.array([
            self._message(int(case), INTENTS[intent], int(language), luck[case * 40 + min(place, 39)])
            for case, intent, language, place in zip(said.case, said.intent, said.language, rank, strict=True)
        ], pa.string())  # fmt: skip

    def _luck(self, n: int, pair: Ints) -> np.ndarray:
        """Chance for each text; both of a pair have the same."""
        luck = self._chance.integers(0, 2**31, (n, 4))
        paired = np.flatnonzero(pair >= 0)
        first = np.full(int(pair.max(initial=-1)) + 1, -1)
        first[pair[paired][::-1]] = paired[::-1]
        luck[paired] = luck[first[pair[paired]]]
        return luck

    def _claim(self, case: int, reason: str, language: int, luck: Ints) -> str:
        said = BY_LANGUAGE[language]
        opening, ask = _one(said.OPENINGS, luck[0]), _one(said.ASKS, luck[2])
        text = said.JOIN.join(part for part in (opening, _one(said.CLAIMS[reason], luck[1]), ask) if part)
        return self._filled(text, case, language)

    def _message(self, case: int, intent: str, language: int, luck: Ints) -> str:
        said = BY_LANGUAGE[language]
        parts = (_one(said.GREETINGS, luck[0]), _one(said.MESSAGES[intent], luck[1]), _one(said.CLOSINGS, luck[2]))
        return self._filled(said.JOIN.join(part for part in parts if part), case, language)

    def _filled(self, text: str, case: int, language: int) -> str:
        if "{" not in text:
            return text
        return text.format(item=self._item[case][language], days=self._days[case], carrier=self._carrier[case])


def _one(among: tuple[str, ...], luck: int) -> str:
    return among[luck % len(among)]
