"""What people use: the desk, HTTP, the command line, backlogs. Never imports the training stack."""
