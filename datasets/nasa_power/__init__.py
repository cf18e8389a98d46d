"""NASA POWER: daily weather at any point on Earth since 1981, from its public interface."""
