-- The memberships of segments.yaml, kept by PostgreSQL: a table of events and a trigger per statement. Numbers stand where the operator has texts
-- (ids of events and profiles, names, properties, amounts in cents): less to write and to compare, so to the peer's favour.
create table event (
    id bigint primary key,
    profile int not null,
    name smallint not null,    -- 0 viewed_product, 1 opened_email, 2 placed_order
    at bigint not null,        -- ms since the Unix epoch
    cents int,                 -- of an order
    choice smallint not null   -- category, campaign or channel; 0 is shoes, and app
);
create index event_of_profile on event (profile, at) include (name, cents, choice);

create table segment (number smallint primary key, name text not null);
insert into segment select n - 1, name from unnest(array[
    'viewed-today', 'busy-this-week', 'recent-buyers', 'repeat-buyers', 'spenders', 'readers', 'lost-readers', 'browse-abandoners', 'lapsing-buyers',
    'engaged-vips', 'shoe-lovers', 'app-buyers', 'buyers', 'loyal-buyers', 'big-spenders', 'only-looking', 'keen-readers', 'saw-shoes',
    'large-baskets', 'readers-who-never-bought']) with ordinality s(name, n);

create table membership (
    profile int not null,
    segment smallint not null,
    joined_at bigint not null,
    primary key (profile, segment)
);

-- Which of the profiles match which segments at an instant: one pass over the events of each.
create function matches(profiles int[], now_ms bigint) returns table (profile int, segment smallint) language sql stable as $$
    with counted as (
        select e.profile,
            count(*) filter (where name = 0) as views,
            count(*) filter (where name = 0 and at > now_ms - 86400000) as views_1d,
            count(*) filter (where name = 0 and at > now_ms - 259200000) as views_3d,
            count(*) filter (where name = 0 and at > now_ms - 604800000) as views_7d,
            count(*) filter (where name = 0 and choice = 0) as shoes,
            count(*) filter (where name = 0 and choice = 0 and at > now_ms - 1209600000) as shoes_14d,
            count(*) filter (where name = 1) as opens,
            count(*) filter (where name = 1 and at > now_ms - 1209600000) as opens_14d,
            count(*) filter (where name = 1 and at > now_ms - 2592000000) as opens_30d,
            count(*) filter (where name = 2) as orders,
            count(*) filter (where name = 2 and at > now_ms - 259200000) as orders_3d,
            count(*) filter (where name = 2 and at > now_ms - 1728000000) as orders_20d,
            count(*) filter (where name = 2 and at > now_ms - 2592000000) as orders_30d,
            count(*) filter (where name = 2 and at > now_ms - 3888000000) as orders_45d,
            count(*) filter (where name = 2 and choice = 0 and at > now_ms - 3456000000) as app_40d,
            coalesce(sum(cents) filter (where at > now_ms - 2592000000), 0) as spent_30d,
            coalesce(sum(cents) filter (where at > now_ms - 4320000000), 0) as spent_50d,
            coalesce(sum(cents), 0) as spent,
            coalesce(max(cents), 0) as largest
        from event e
        where e.profile = any (profiles) and e.at <= now_ms
        group by e.profile)
    select c.profile, s.segment::smallint
    from counted c cross join lateral (values
        (0, views_1d >= 1), (1, views_7d >= 5), (2, orders_30d >= 1), (3, orders_45d >= 2), (4, spent_30d >= 20000), (5, opens_14d >= 1),
        (6, opens >= 1 and opens_30d = 0), (7, views_3d >= 1 and orders_3d = 0), (8, orders >= 2 and orders_20d = 0),
        (9, spent_50d >= 30000 and opens_30d >= 1), (10, shoes_14d >= 2), (11, app_40d >= 1), (12, orders >= 1), (13, orders >= 3),
        (14, spent >= 50000), (15, views >= 1 and orders = 0), (16, opens >= 5), (17, shoes >= 1), (18, largest >= 15000),
        (19, opens >= 1 and orders = 0)) s(segment, holds)
    where s.holds
$$;

-- Brings the memberships of the profiles up to an instant. Nobody else may write those of the same profiles at the same time.
create function refresh(profiles int[], now_ms bigint) returns void language plpgsql as $$
begin
    create temporary table if not exists wanted (profile int, segment smallint) on commit delete rows;
    truncate wanted;
    insert into wanted select * from matches(profiles, now_ms);
    delete from membership m where m.profile = any (profiles)
        and not exists (select from wanted w where w.profile = m.profile and w.segment = m.segment);
    insert into membership select w.profile, w.segment, now_ms from wanted w
        where not exists (select from membership m where m.profile = w.profile and m.segment = w.segment);
end $$;

create function apply_events() returns trigger language plpgsql as $$
begin
    perform refresh((select array_agg(distinct profile) from inserted), (extract(epoch from clock_timestamp()) * 1000)::bigint);
    return null;
end $$;

create trigger apply_events after insert on event referencing new table as inserted for each statement execute function apply_events();
