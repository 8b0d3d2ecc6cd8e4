package dev.tiphys.apiserver;

import dev.tiphys.apiserver.admission.AdmissionSettings;
import dev.tiphys.apiserver.authentication.serviceaccount.TokenSettings;
import dev.tiphys.pki.KeyType;
import dev.tiphys.pki.token.TokenSigner;
import java.time.Duration;
import java.util.Collection;

/// What can be set for an API server.
///
/// @param eventLife how long events are kept at least
/// @param tokens how the tokens of service accounts are made
/// @param admission which admission plugins are on
public record ApiServerSettings(
    Duration eventLife, TokenSettings tokens, AdmissionSettings admission) {

  /// How long events are kept, unless something else is said.
  public static final Duration EVENT_LIFE = Duration.ofHours(1);

  /// The usual settings, with a key for tokens that nothing else knows: they are good until the
  /// server ends.
  public static ApiServerSettings standard() {
    return new ApiServerSettings(
        EVENT_LIFE,
        TokenSettings.of(new TokenSigner(KeyType.EC.generate())),
        AdmissionSettings.DEFAULT);
  }

  /// The same without some admission plugins.
  public ApiServerSettings withoutPlugins(String... names) {
    return with(admission.without(names));
  }

  /// The same with other settings of admission.
  public ApiServerSettings with(AdmissionSettings other) {
    return new ApiServerSettings(eventLife, tokens, other);
  }

  /// The same, by which some admission webhooks are never asked.
  public ApiServerSettings skippingWebhooks(Collection<String> names) {
    return with(admission.skippingWebhooks(names));
  }
}
