"""Commands that need the whole house (database, settings); engines' commands live with the engines."""
