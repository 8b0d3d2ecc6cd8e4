/// Webhooks that change objects on their way in, or refuse requests.
package dev.tiphys.apiserver.admission.webhook;
