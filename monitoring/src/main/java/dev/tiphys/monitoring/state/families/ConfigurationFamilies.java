package dev.tiphys.monitoring.state.families;

import dev.tiphys.client.ApiResource;
import dev.tiphys.object.Struct;
import dev.tiphys.object.Timestamps;
import dev.tiphys.object.api.Meta;
import dev.tiphys.schema.GroupVersion;
import java.time.Instant;
import java.util.List;
import java.util.Locale;

/// What ConfigMaps, Secrets, Leases and requests for certificates say: never their contents.
final class ConfigurationFamilies {

  private static final ApiResource SIGNING_REQUESTS =
      new ApiResource(
          GroupVersion.parse("certificates.k8s.io/v1"),
          "certificatesigningrequests",
          "CertificateSigningRequest",
          false);

  private ConfigurationFamilies() {}

  static KindFamilies configMaps() {
    return KindFamilies.Builder.namespaced("kube_configmap", ApiResource.CONFIG_MAPS, "configmap")
        .gauge("_info", "A ConfigMap.", Rule.info())
        .created()
        .version()
        .build();
  }

  static KindFamilies secrets() {
    return KindFamilies.Builder.namespaced("kube_secret", ApiResource.SECRETS, "secret")
        .gauge("_info", "A Secret.", Rule.info())
        .gauge("_type", "What it is for.", Rule.info("type", "type"))
        .created()
        .version()
        .owners()
        .build();
  }

  static KindFamilies leases() {
    return new KindFamilies.Builder("kube_lease", ApiResource.LEASES, "lease", "metadata.name")
        .gauge("_owner", "What it belongs to, and what holds it.", ConfigurationFamilies::lease)
        .gauge(
            "_renew_time",
            "When it was renewed last.",
            (lease, out) -> {
              Instant renewed = Timestamps.of(lease.get("spec", "renewTime"));
              if (renewed != null) {
                out.add(renewed.getEpochSecond(), "namespace", Meta.of(lease).namespace());
              }
            })
        .build();
  }

  private static void lease(Struct lease, Samples out) {
    String namespace = Meta.of(lease).namespace();
    String holder = lease.string("spec", "holderIdentity");
    List<Struct> owners = Meta.of(lease).owners();
    for (Struct owner : owners.isEmpty() ? List.of(Struct.EMPTY) : owners) {
      out.add(
          1,
          "owner_kind",
          owner.string("kind"),
          "owner_name",
          owner.string("name"),
          "namespace",
          namespace,
          "lease_holder",
          holder);
    }
  }

  static KindFamilies signingRequests() {
    return new KindFamilies.Builder(
            "kube_certificatesigningrequest",
            SIGNING_REQUESTS,
            "certificatesigningrequest",
            "metadata.name",
            "signer_name",
            "spec.signerName")
        .created()
        .gauge(
            "_condition",
            "What was decided.",
            (request, out) -> {
              for (String type : List.of("Approved", "Denied", "Failed")) {
                long count =
                    request.structs("status", "conditions").stream()
                        .filter(condition -> condition.string("type").equals(type))
                        .count();
                out.add(count, "condition", type.toLowerCase(Locale.ROOT));
              }
            })
        .gauge(
            "_cert_length",
            "Bytes of the certificate that was issued.",
            (request, out) -> out.add(decoded(request.string("status", "certificate"))))
        .build();
  }

  /// How many bytes a text in base 64 stands for.
  private static int decoded(String text) {
    int padding = text.endsWith("==") ? 2 : text.endsWith("=") ? 1 : 0;
    return text.length() / 4 * 3 - padding;
  }
}
