"""Which model of the zoo a task model was loaded from."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Origin:
    """The origin of a task model, as its card records it in the field `base`.

    Args:
        name: str.
        version: int.
        content_digest: str.
        licence: str.
    """

    name: str
    version: int
    content_digest: str
    licence: str

    @classmethod
    def of(cls, card):
        """The origin of a model with this card, a dict."""
        fields = {key: card.get(key) for key in ("name", "version", "content_digest")}
        return cls(**fields, licence=card.get("licence", "not stated"))

    def fields(self):
        """The card's field `base`, a dict."""
        return {
            "name": self.name,
            "version": self.version,
            "content_digest": self.content_digest,
        }

    def licence_with(self, kind):
        """The licence of a model that was trained further on data of the user's own.

        Args:
            kind: str, see `Family.kind`.
        """
        return f"of {self.name}: {self.licence}; of the {kind}: its owner's"
