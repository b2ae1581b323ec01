create table guichet (
  id uuid primary key default gen_random_uuid(),
  nom text not null,
  commune text not null
);
