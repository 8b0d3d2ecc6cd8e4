package dev.tiphys.apiserver;

import dev.tiphys.apiserver.admission.AdmissionSettings;
import dev.tiphys.apiserver.allocation.ServiceRanges;
import dev.tiphys.apiserver.audit.Auditor;
import dev.tiphys.apiserver.authentication.serviceaccount.TokenSettings;
import dev.tiphys.apiserver.encryption.Encryption;
import dev.tiphys.client.features.FeatureGates;
import dev.tiphys.pki.KeyType;
import dev.tiphys.pki.token.TokenSigner;
import java.time.Duration;
import java.util.Collection;

/// What can be set for an API server.
///
/// @param eventLife how long events are kept at least
/// @param tokens how the tokens of service accounts are made
/// @param admission which admission plugins are on
/// @param encryption how objects are encrypted in the store; closed with the server
/// @param auditor records requests; closed with the server
/// @param services where Services get their addresses from
/// @param advises whether writers are warned of what will not do what it says
/// @param served which of the built-in resources are served
/// @param gates which features are on
public record ApiServerSettings(
    Duration eventLife,
    TokenSettings tokens,
    AdmissionSettings admission,
    Encryption encryption,
    Auditor auditor,
    ServiceRanges services,
    boolean advises,
    RuntimeConfig served,
    FeatureGates gates) {

  /// How long events are kept, unless something else is said.
  public static final Duration EVENT_LIFE = Duration.ofHours(1);

  /// The usual settings, with a key for tokens that nothing else knows: they are good until the
  /// server ends.
  public static ApiServerSettings standard() {
    return new ApiServerSettings(
        EVENT_LIFE,
        TokenSettings.of(new TokenSigner(KeyType.EC.generate())),
        AdmissionSettings.DEFAULT,
        Encryption.NONE,
        Auditor.OFF,
        ServiceRanges.DEFAULT,
        true,
        RuntimeConfig.DEFAULT,
        FeatureGates.DEFAULT);
  }

  /// The same with other ranges for Services.
  public ApiServerSettings withServices(ServiceRanges other) {
    return new ApiServerSettings(
        eventLife, tokens, admission, encryption, auditor, other, advises, served, gates);
  }

  /// The same without some admission plugins.
  public ApiServerSettings withoutPlugins(String... names) {
    return with(admission.without(names));
  }

  /// The same with other settings of admission.
  public ApiServerSettings with(AdmissionSettings other) {
    return new ApiServerSettings(
        eventLife, tokens, other, encryption, auditor, services, advises, served, gates);
  }

  /// The same, by which some admission webhooks are never asked.
  public ApiServerSettings skippingWebhooks(Collection<String> names) {
    return with(admission.skippingWebhooks(names));
  }

  /// The same with objects encrypted in the store.
  public ApiServerSettings encryptedBy(Encryption other) {
    return new ApiServerSettings(
        eventLife, tokens, admission, other, auditor, services, advises, served, gates);
  }

  /// The same with requests recorded.
  public ApiServerSettings auditedBy(Auditor other) {
    return new ApiServerSettings(
        eventLife, tokens, admission, encryption, other, services, advises, served, gates);
  }

  /// The same, which warns of nothing but what upstream warns of.
  public ApiServerSettings withoutAdvice() {
    return new ApiServerSettings(
        eventLife, tokens, admission, encryption, auditor, services, false, served, gates);
  }

  /// The same, which serves other resources, of features that are on.
  public ApiServerSettings serving(RuntimeConfig config, FeatureGates on) {
    return new ApiServerSettings(
        eventLife, tokens, admission, encryption, auditor, services, advises, config, on);
  }
}
