"""The audio family: what is missing of music is imputed in its spectrogram."""
