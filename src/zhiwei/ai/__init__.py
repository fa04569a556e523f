"""The AI door: gateway, knowledge bases, companion, a model as one more marker. All works without one."""
