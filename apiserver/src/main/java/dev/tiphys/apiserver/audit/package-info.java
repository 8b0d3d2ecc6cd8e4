/// Who asked for what, and what came of it: events as upstream's `audit.k8s.io/v1`, as many and as
/// detailed as a policy says.
///
/// `Auditor` begins a `Trail` for each request; the pipeline and the doors tell it what happens,
/// and it hands events to a `Backend`: `LogBackend` to a file, `WebhookBackend` to another program,
/// both perhaps behind `BufferedBackend` and `TruncatingBackend`.
package dev.tiphys.apiserver.audit;
