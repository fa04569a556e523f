"""What the data room refuses."""

from __future__ import annotations

from zhiwei.kernel.errors import InvalidInputError
from zhiwei.kernel.values import Problem


class CorpusInputError(InvalidInputError):
    """A field of the template cannot be used."""

    code = "corpus.invalid_input"

    def __init__(self, field: str, message: str) -> None:
        super().__init__(message, problems=[Problem(self.code, message, field=field)])
        self.field = field


class SourceInputError(InvalidInputError):
    """A source, a connection or a rule cannot be used as it was filled in; ``field`` says which part."""

    code = "source.invalid_input"

    def __init__(self, field: str, message: str) -> None:
        super().__init__(message, problems=[Problem(self.code, message, field=field)])
        self.field = field
