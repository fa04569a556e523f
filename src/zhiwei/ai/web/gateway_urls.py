"""Addresses of the gateway: setting up, keys, the record of calls, crisis signals."""

from django.urls import URLPattern, URLResolver, path

from zhiwei.ai.web import alerts, calls, keys, setting_up

urlpatterns: list[URLPattern | URLResolver] = [
    path("providers/", setting_up.providers, name="providers"),
    path("providers/new/", setting_up.provider, name="new_provider"),
    path("providers/<int:provider_id>/", setting_up.provider, name="provider"),
    path("providers/<int:provider_id>/try/", setting_up.try_provider, name="try_provider"),
    path("providers/<int:provider_id>/models/new/", setting_up.model, name="new_model"),
    path("providers/<int:provider_id>/models/<int:model_id>/", setting_up.model, name="model"),
    path("budgets/new/", setting_up.budget, name="new_budget"),
    path("budgets/<int:budget_id>/", setting_up.budget, name="budget"),
    path("keys/", keys.keys, name="keys"),
    path("keys/<int:key_id>/end/", keys.end_key, name="end_key"),
    path("calls/", calls.calls, name="calls"),
    path("calls/<uuid:call_uuid>/", calls.call, name="call"),
    path("alerts/", alerts.alerts, name="alerts"),
    path("alerts/<uuid:alert_uuid>/", alerts.alert, name="alert"),
    path("alerts/<uuid:alert_uuid>/close/", alerts.close, name="close_alert"),
]
