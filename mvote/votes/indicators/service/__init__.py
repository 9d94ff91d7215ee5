"""The city's figures and indicators."""

from mvote.votes.indicators.service.figures import get_figures

__all__ = ["get_figures"]
