"""The OpenAI-compatible address ``/v1`` for people's tools and for programs."""
