"""The two statements of the ledger: reserve, and settle or give back. Each is one round trip and one transaction.

Both open the scope themselves (for this transaction only) and put back what was in force. Commits are not waited
for, so that a row everybody shares (a school's budget) is locked for a moment, not for a write to the disk; the
gateway makes what it settled durable before it answers (``ai.services.ledger.flush``).
"""

from __future__ import annotations

from django.db import migrations

HOLD = """
create or replace function zhiwei_ai_hold(
    p_scope text, p_tenant bigint, p_call uuid, p_key bigint, p_person bigint, p_model bigint, p_price bigint,
    p_micro bigint, p_tokens bigint, p_now timestamptz, p_expires timestamptz, p_key_most int, p_model_most int,
    p_owners bigint[], p_budgets bigint[], p_subjects bigint[], p_begins timestamptz[], p_units text[],
    p_softs bigint[], p_hards bigint[], p_force boolean,
    out why text, out which int, out warned bigint[]
) language plpgsql as $$
declare
    before text := coalesce(current_setting('zhiwei.tenants', true), '');
    n int := coalesce(array_length(p_budgets, 1), 0);
    found_ids bigint[]; spents bigint[]; helds bigint[]; amounts bigint[] := '{}'; amount bigint;
begin
    perform set_config('zhiwei.tenants', p_scope, true);
    perform set_config('synchronous_commit', 'off', true);
    why := ''; which := 0; warned := '{}';
    if not p_force and p_key <> 0 and p_key_most > 0 and
        (select count(*) from ai_hold where key_id = p_key and expires_at > p_now) >= p_key_most then
        why := 'key_busy';
    elsif not p_force and p_model_most > 0 and
        (select count(*) from ai_hold where model_id = p_model and expires_at > p_now) >= p_model_most then
        why := 'model_busy';
    end if;
    if why = '' and n > 0 then
        for attempt in 1..2 loop
            select array_agg(l.id order by l.place), array_agg(l.spent order by l.place),
                   array_agg(l.held order by l.place)
            into found_ids, spents, helds
            from (
                select a.id, a.spent, a.held, w.place
                from unnest(p_budgets, p_subjects, p_begins) with ordinality as w(budget, subject, begins, place)
                join ai_account a on a.budget_id = w.budget and a.subject_id = w.subject and a.begins_at = w.begins
                order by a.budget_id, a.subject_id, a.begins_at
                for no key update of a
            ) l;
            exit when coalesce(array_length(found_ids, 1), 0) = n;
            insert into ai_account (tenant_id, budget_id, subject_id, begins_at, spent, held)
            select w.owner, w.budget, w.subject, w.begins, 0, 0
            from unnest(p_owners, p_budgets, p_subjects, p_begins) as w(owner, budget, subject, begins)
            order by w.budget, w.subject, w.begins
            on conflict (budget_id, subject_id, begins_at) do nothing;
        end loop;
        if coalesce(array_length(found_ids, 1), 0) <> n then
            raise exception 'accounts outside the scope of the call';
        end if;
        for i in 1..n loop
            amount := case p_units[i] when 'micro' then p_micro when 'tokens' then p_tokens else 1 end;
            amounts := amounts || amount;
            if not p_force and p_hards[i] > 0 and spents[i] + helds[i] + amount > p_hards[i] then
                why := 'budget'; which := i; exit;
            end if;
            if p_softs[i] > 0 and spents[i] + helds[i] + amount > p_softs[i] then
                warned := warned || found_ids[i];
            end if;
        end loop;
        if why = '' then
            update ai_account a set held = a.held + w.amount
            from unnest(found_ids, amounts) as w(id, amount) where a.id = w.id;
        end if;
    end if;
    if why = '' then
        insert into ai_hold (tenant_id, call_uuid, key_id, person_id, model_id, price_id, micro, tokens, accounts,
                             amounts, units, scope, made_at, expires_at)
        values (p_tenant, p_call, p_key, p_person, p_model, p_price, p_micro, p_tokens,
                coalesce(found_ids, '{}'), amounts, p_units, p_scope, p_now, p_expires);
        insert into ai_ledgerentry (tenant_id, call_uuid, kind, person_id, model_id, price_id, micro, input_tokens,
                                    cached_tokens, output_tokens, pages, milliseconds, estimated, accounts, at)
        values (p_tenant, p_call, 'hold', p_person, p_model, p_price, p_micro, p_tokens, 0, 0, 0, 0, true,
                coalesce(found_ids, '{}'), p_now);
    end if;
    perform set_config('zhiwei.tenants', before, true);
end $$;
"""

CLOSE = """
create or replace function zhiwei_ai_close(
    p_scope text, p_call uuid, p_kind text, p_micro bigint, p_input bigint, p_cached bigint, p_output bigint,
    p_pages bigint, p_ms bigint, p_estimated boolean, p_now timestamptz, p_facts jsonb, p_sealed bytea,
    p_key_version int, p_keep_until timestamptz, out state text
) language plpgsql as $$
declare
    before text := coalesce(current_setting('zhiwei.tenants', true), '');
    h ai_hold%rowtype;
begin
    perform set_config('zhiwei.tenants', p_scope, true);
    perform set_config('synchronous_commit', 'off', true);
    delete from ai_hold where call_uuid = p_call returning * into h;
    if not found then
        state := case when exists (
            select 1 from ai_ledgerentry where call_uuid = p_call and kind in ('settle', 'release')
        ) then 'closed' else 'unknown' end;
        perform set_config('zhiwei.tenants', before, true);
        return;
    end if;
    state := 'done';
    perform 1 from ai_account where id = any (h.accounts)
        order by budget_id, subject_id, begins_at for no key update;
    update ai_account a set
        held = a.held - w.amount,
        spent = a.spent + case when p_kind = 'release' then 0 else
            case w.unit when 'micro' then p_micro when 'tokens' then p_input + p_output else 1 end end
    from unnest(h.accounts, h.amounts, h.units) as w(id, amount, unit) where a.id = w.id;
    insert into ai_ledgerentry (tenant_id, call_uuid, kind, person_id, model_id, price_id, micro, input_tokens,
                                cached_tokens, output_tokens, pages, milliseconds, estimated, accounts, at)
    values (h.tenant_id, p_call, p_kind, h.person_id, h.model_id, h.price_id, p_micro, p_input, p_cached, p_output,
            p_pages, p_ms, p_estimated, h.accounts, p_now);
    insert into ai_call (tenant_id, uuid, at, key_id, account_id, person_id, role, about_id, purpose, kind, model_id,
                         model_name, answered_by, prompt_hash, level, replaced, guards, state, error, streamed, micro,
                         input_tokens, output_tokens, first_ms, total_ms, attempts)
    select h.tenant_id, p_call, p_now, h.key_id, f.account_id, h.person_id, f.role, f.about_id, f.purpose, f.kind,
           h.model_id, f.model_name, f.answered_by, f.prompt_hash, f.level, f.replaced, f.guards, f.state, f.error,
           f.streamed, p_micro, p_input, p_output, f.first_ms, f.total_ms, f.attempts
    from jsonb_to_record(p_facts) as f(
        account_id bigint, role text, about_id bigint, purpose text, kind text, model_name text, answered_by text,
        prompt_hash text, level int, replaced int, guards jsonb, state text, error text, streamed boolean,
        first_ms int, total_ms int, attempts int);
    if p_sealed is not null then
        insert into ai_callcontent (tenant_id, call_uuid, sealed, key_version, keep_until)
        values (h.tenant_id, p_call, p_sealed, p_key_version, p_keep_until);
    end if;
    perform set_config('zhiwei.tenants', before, true);
end $$;
"""

DROP = "drop function if exists zhiwei_ai_hold; drop function if exists zhiwei_ai_close;"


class Migration(migrations.Migration):
    """Two functions; the app role may call them (``kernel.walls`` grants it)."""

    dependencies = [("ai", "0001_initial")]

    operations = [migrations.RunSQL(HOLD + CLOSE, DROP)]
