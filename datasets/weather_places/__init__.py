"""Daily weather of four places, of which one is held out as a place never seen."""
