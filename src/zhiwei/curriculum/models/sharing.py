"""Which items of other tenants are everybody's or the county's: one rule, for managers and for row security."""

from __future__ import annotations

NEIGHBOURS = (
    "select s.id from kernel_organisation s join (select distinct c.path from kernel_organisation c "
    "join kernel_organisation mine on starts_with(mine.path, c.path) "
    "where c.kind = 'county' and mine.id = any(zhiwei_tenants())) near on starts_with(s.path, near.path)"
)
"""Organisations of the counties in which the tenants in scope lie; empty for tenants above a county."""

TO_NEIGHBOURS = f"(audience = 'public' or (audience = 'county' and tenant_id in ({NEIGHBOURS})))"

SHARED_ITEM = (
    "state in ('published', 'retired') and (sealed_until is null or sealed_until <= now()) "
    f"and {TO_NEIGHBOURS}"
)
"""Drafts and sealed items stay with their owner whatever their audience."""

SHARED_VERSION = (
    "exists (select 1 from curriculum_item i where i.id = item_id and i.version >= number "
    "and i.state in ('published', 'retired'))"
)
"""Versions that were published; the item itself is looked up under its own row security."""
