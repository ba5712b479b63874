"""What is known about a case, and since when. Imports no model, no web, no MLflow."""
