insert into rendez_vous (guichet, debut) values ('Guichet fictif', '2026-01-05 09:00+01');
