"""Django settings (placeholder)."""
