"""No, blind and NEM noise compared in a user's own model, on the user's own data."""
