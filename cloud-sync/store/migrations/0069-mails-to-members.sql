-- Whoever is no member any more is mailed nothing any more: the role that changes people ends it, in one transaction with
-- what takes her out, and is given just that.
grant select (tenant_id, rule_id, emails), update (emails) on alert_rule to smartqueue_identity;
grant select (tenant_id, subscription_id, email), delete on report_subscription to smartqueue_identity;
grant select (tenant_id, mail_id, to_address), delete on mail_waiting to smartqueue_identity;
