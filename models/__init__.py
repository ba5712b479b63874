"""What we think of a case. Code only: fitted bundles live outside the repository."""
