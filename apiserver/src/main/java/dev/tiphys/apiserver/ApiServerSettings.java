package dev.tiphys.apiserver;

import dev.tiphys.apiserver.audit.Auditor;
import dev.tiphys.apiserver.authentication.serviceaccount.TokenSettings;
import dev.tiphys.apiserver.encryption.Encryption;
import dev.tiphys.pki.KeyType;
import dev.tiphys.pki.token.TokenSigner;
import java.time.Duration;
import java.util.Collection;
import java.util.Set;

/// What can be set for an API server.
///
/// @param eventLife how long events are kept at least
/// @param tokens how the tokens of service accounts are made
/// @param pluginsOff the names of admission plugins that are to be off
/// @param skippedWebhooks the names of admission webhooks that are never asked
/// @param encryption how objects are encrypted in the store; closed with the server
/// @param auditor records requests; closed with the server
public record ApiServerSettings(
    Duration eventLife,
    TokenSettings tokens,
    Set<String> pluginsOff,
    Set<String> skippedWebhooks,
    Encryption encryption,
    Auditor auditor) {

  public ApiServerSettings {
    pluginsOff = Set.copyOf(pluginsOff);
    skippedWebhooks = Set.copyOf(skippedWebhooks);
  }

  /// How long events are kept, unless something else is said.
  public static final Duration EVENT_LIFE = Duration.ofHours(1);

  /// The usual settings, with a key for tokens that nothing else knows: they are good until the
  /// server ends.
  public static ApiServerSettings standard() {
    return new ApiServerSettings(
        EVENT_LIFE,
        TokenSettings.of(new TokenSigner(KeyType.EC.generate())),
        Set.of(),
        Set.of(),
        Encryption.NONE,
        Auditor.OFF);
  }

  /// The same without some admission plugins.
  public ApiServerSettings withoutPlugins(String... names) {
    return new ApiServerSettings(
        eventLife, tokens, Set.of(names), skippedWebhooks, encryption, auditor);
  }

  /// The same, by which some admission webhooks are never asked.
  public ApiServerSettings skippingWebhooks(Collection<String> names) {
    return new ApiServerSettings(
        eventLife, tokens, pluginsOff, Set.copyOf(names), encryption, auditor);
  }

  /// The same with objects encrypted in the store.
  public ApiServerSettings encryptedBy(Encryption other) {
    return new ApiServerSettings(eventLife, tokens, pluginsOff, skippedWebhooks, other, auditor);
  }

  /// The same with requests recorded.
  public ApiServerSettings auditedBy(Auditor other) {
    return new ApiServerSettings(eventLife, tokens, pluginsOff, skippedWebhooks, encryption, other);
  }
}
