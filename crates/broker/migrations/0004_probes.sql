-- What `bankconnect probe` found out about the banks: a row per provider and question.

create table probe_findings (
    provider text not null,
    question text not null,
    answer text not null,
    at bigint not null,
    fingerprint blob not null,               -- SHA-256 of the settings it was found under: for others it does not count
    primary key (provider, question)
);
