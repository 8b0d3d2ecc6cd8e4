package dev.tiphys.apiserver.authorization.webhook;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/// How a webhook is asked.
///
/// @param kubeconfig where it is, and with which credentials to reach it
/// @param version of the review that it is sent: `v1` or `v1beta1`
/// @param timeout how long an answer may take
/// @param authorizedLife how long it is remembered that something is allowed; zero for not at all
/// @param unauthorizedLife how long it is remembered that something is not
/// @param denyOnError whether a request is refused when the webhook cannot be asked
/// @param conditions expressions that must all hold for the webhook to be asked
public record WebhookSettings(
    Path kubeconfig,
    String version,
    Duration timeout,
    Duration authorizedLife,
    Duration unauthorizedLife,
    boolean denyOnError,
    List<String> conditions) {
  public WebhookSettings {
    conditions = List.copyOf(conditions);
  }
}
