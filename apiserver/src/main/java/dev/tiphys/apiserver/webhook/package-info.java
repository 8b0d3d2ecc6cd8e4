/// Asking webhooks: programs of others that take part in what the server does.
package dev.tiphys.apiserver.webhook;
