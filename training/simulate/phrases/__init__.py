"""What people write, language by language: phrases that are put together into claims and messages."""
