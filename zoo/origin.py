"""Which model of the zoo a task model was loaded from."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Origin:
    """The origin of a task model, as its card records it in the field `base`.

    Args:
        name: str.
        version: int.
        content_digest: str.
        licence: str, of the weights.
        data_licence: str, of the data that it was trained on.
        limits: str, what it is not for; "" if its card has none.
    """

    name: str
    version: int
    content_digest: str
    licence: str
    data_licence: str = ""
    limits: str = ""

    @classmethod
    def of(cls, card):
        """The origin of a model with this card, a dict."""
        fields = {key: card.get(key) for key in ("name", "version", "content_digest")}
        return cls(
            **fields,
            licence=card.get("licence", "not stated"),
            data_licence=card.get("data", {}).get("licence", ""),
            limits=card.get("limits", ""),
        )

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
        data = f" (its data: {self.data_licence})" if self.data_licence else ""
        return f"of {self.name}: {self.licence}{data}; of the {kind}: its owner's"

    def inherited(self):
        """The card's fields that a model trained further has from this one, a dict."""
        return {"limits": f"of {self.name}: {self.limits}"} if self.limits else {}
