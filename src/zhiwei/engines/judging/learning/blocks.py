"""Views of a pool of answers: each a matrix of features, compared by a centred inner product."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import sparse
from sklearn.utils.extmath import randomized_svd

from zhiwei.engines.text import char_grams, tfidf, word_grams

Floats = NDArray[np.float64]
Matrix = sparse.csr_matrix | Floats
Rows = NDArray[np.int64]
_TOPICS = 100
_REACH = 0.8


@dataclass(frozen=True, slots=True)
class Block:
    """One view of the pool.

    Attributes:
        features: (pool, d), sparse or dense.
        centre: (pool,) inner product of each row with the pool's mean row.
        level: squared length of the mean row.
        scale: mean squared length of the centred rows; inner products are divided by it.
    """

    features: Matrix
    centre: Floats
    level: float
    scale: float

    def gram(self, rows: Rows, columns: Rows) -> Floats:
        """Centred inner products (rows, columns) of pool members, about 1 between equals."""
        product = self.features[rows] @ self.features[columns].T
        dense = product.toarray() if sparse.issparse(product) else np.asarray(product)
        return np.asarray(
            (dense - self.centre[rows][:, None] - self.centre[columns][None, :] + self.level) / self.scale
        )

    def own(self, rows: Rows) -> Floats:
        """Centred squared lengths (rows,) of pool members."""
        part = self.features[rows]
        length = (
            part.multiply(part).sum(axis=1) if sparse.issparse(part) else (np.asarray(part) ** 2).sum(axis=1)
        )
        return np.asarray((np.asarray(length).ravel() - 2 * self.centre[rows] + self.level) / self.scale)


@dataclass(frozen=True, slots=True)
class NearBlock:
    """A view in which only near neighbours inform each other; ``features`` are centred unit rows."""

    features: Floats

    def gram(self, rows: Rows, columns: Rows) -> Floats:
        """A bump that falls from 1 with the squared distance (rows, columns)."""
        return np.asarray(np.exp((self.features[rows] @ self.features[columns].T - 1.0) * 2.0 / _REACH))

    def own(self, rows: Rows) -> Floats:
        """Each pool member with itself: 1."""
        return np.ones(len(rows))


@dataclass(frozen=True, slots=True)
class SmoothBlock:
    """A view in which likeness falls smoothly with distance; ``width`` is the usual squared distance."""

    features: Floats
    width: float

    def gram(self, rows: Rows, columns: Rows) -> Floats:
        """A bump of the squared distance (rows, columns), 1 between equals."""
        mine, theirs = self.features[rows], self.features[columns]
        square = (mine**2).sum(axis=1)[:, None] + (theirs**2).sum(axis=1)[None, :] - 2.0 * mine @ theirs.T
        return np.asarray(np.exp(-np.maximum(square, 0.0) / self.width))

    def own(self, rows: Rows) -> Floats:
        """Each pool member with itself: 1."""
        return np.ones(len(rows))


View = Block | NearBlock | SmoothBlock


def smooth_block(features: Floats) -> SmoothBlock:
    """A view of smooth likeness from dense features."""
    return SmoothBlock(features, max(2.0 * float(features.var(axis=0).sum()), 1e-9))


def near_block(features: Floats) -> NearBlock:
    """A view of near neighbours from dense features."""
    shifted = features - features.mean(axis=0)
    length = np.linalg.norm(shifted, axis=1, keepdims=True)
    return NearBlock(shifted / np.where(length > 1e-9, length, 1.0))


def block(features: Matrix) -> Block:
    """A view from its features; centred on the pool and scaled to mean length 1."""
    mean = np.asarray(features.mean(axis=0)).ravel()
    centre = np.asarray(features @ mean).ravel()
    level = float(mean @ mean)
    squares = features.multiply(features) if sparse.issparse(features) else np.asarray(features) ** 2
    scale = float(squares.sum() / max(features.shape[0], 1)) - level
    return Block(features, centre, level, max(scale, 1e-9))


def text_blocks(texts: Sequence[str], vectors: Floats, seed: int) -> list[View]:
    """The views of a pool of texts: words, characters, topics of the pool, and meaning.

    Args:
        texts: marked and unmarked answers together; unmarked ones tell what is usual.
        vectors: (pool, d) sentence vectors.
        seed: of the random projection that finds the topics.
    """
    by_word = tfidf(texts, word_grams)
    by_topic = topics(by_word, seed)
    return [
        block(by_word),
        block(tfidf(texts, char_grams)),
        block(by_topic),
        block(vectors),
        near_block(by_topic),
        near_block(vectors),
    ]


def essay_blocks(texts: Sequence[str], traits: Floats, seed: int) -> tuple[list[View], Floats]:
    """The views of a pool of long texts, and its topics (pool, d); nothing is encoded, which would be slow.

    Args:
        texts: marked and unmarked essays together.
        traits: (pool, d) standardised measures.
        seed: of the random projection that finds the topics.
    """
    by_word = tfidf(texts, word_grams, min_count=3)
    by_topic = topics(by_word, seed)
    views: list[View] = [block(by_word), block(by_topic), near_block(by_topic)]
    views += [block(traits), smooth_block(traits)]
    return views, by_topic


def topics(by_word: sparse.csr_matrix, seed: int) -> Floats:
    """Latent semantic analysis: each text's place on the pool's main directions, as unit rows."""
    size = min(_TOPICS, min(by_word.shape) - 1)
    if size < 1:
        return np.zeros((by_word.shape[0], 1))
    left, strength, _ = randomized_svd(by_word, size, random_state=seed)
    places = left * strength
    length = np.linalg.norm(places, axis=1, keepdims=True)
    return np.asarray(places / np.where(length > 1e-9, length, 1.0))
