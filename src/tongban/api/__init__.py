"""The door for other systems: JSON over HTTP, with tokens. It says what the pages say and does what they do."""
