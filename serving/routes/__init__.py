"""What can be asked over HTTP, one file each; numbers come from the desk, words from the catalog."""
