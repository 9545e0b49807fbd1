-- schedules.settle_delivery
-- Says how the send of this token ended: sent, failed, unknown, or pending, to be sent again. Only what is still being sent can be
-- pending again; what a takeover has made unknown may still turn out to be sent or failed.
-- Parameters: id, send_token, status, attempts, message_id, error, retry_secs; now (NULL: the database's clock).
-- Index: report_deliveries_pkey.
update report_deliveries
set status = :status::text,
    attempts = attempts + :attempts::bigint,
    message_id = :message_id::text,
    error = :error::text,
    retry_at = coalesce(instant(:now::text), now()) + make_interval(secs => :retry_secs::bigint),
    updated_at = coalesce(instant(:now::text), now())
where id = :id::uuid
    and send_token = :send_token::uuid
    and (status = 'sending' or status = 'unknown' and :status::text in ('sent', 'failed'))
