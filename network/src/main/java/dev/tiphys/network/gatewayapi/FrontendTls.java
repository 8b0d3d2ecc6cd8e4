package dev.tiphys.network.gatewayapi;

import dev.tiphys.http.TlsSettings;
import dev.tiphys.network.gatewayapi.fields.Grants;
import dev.tiphys.object.Struct;
import dev.tiphys.object.api.Meta;
import dev.tiphys.object.api.ObjectKey;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What a Gateway asks of the certificates of the clients of a port.
///
/// @param authorities whose certificates clients are asked for; empty if they are not asked
/// @param isFallback whether clients without a good one are served all the same
/// @param problem what is wrong with the references; null if nothing is
record FrontendTls(
    List<X509Certificate> authorities, boolean isFallback, @Nullable Verdict problem) {

  static final FrontendTls NONE = new FrontendTls(List.of(), false, null);

  FrontendTls {
    authorities = List.copyOf(authorities);
  }

  /// @param listener of the Gateway
  static FrontendTls of(Struct gateway, Struct listener, Grants grants, AuthorityRefs refs) {
    Struct validation = validation(gateway, listener.integer("port"));
    if (!listener.string("protocol").equals("HTTPS") || validation.isEmpty()) {
      return NONE;
    }
    String own = Meta.of(gateway).namespace();
    List<X509Certificate> authorities = new ArrayList<>();
    Verdict problem = null;
    for (Struct ref : validation.structs("caCertificateRefs")) {
      ObjectKey key =
          new ObjectKey(ref.has("namespace") ? ref.string("namespace") : own, ref.string("name"));
      AuthorityRefs.Read read = refs.read(ref, key);
      Verdict wrong =
          switch (read.problem()) {
            case KIND -> refused("InvalidCACertificateKind", read.message());
            case NONE, MISSING ->
                !grants.allow("Gateway", own, "ConfigMap", key)
                    ? refused(
                        "RefNotPermitted",
                        "no ReferenceGrant lets Gateways of namespace %s name ConfigMap %s"
                            .formatted(own, key))
                    : read.problem() == AuthorityRefs.Problem.MISSING
                        ? refused("InvalidCACertificateRef", read.message())
                        : null;
          };
      problem = problem == null ? wrong : problem;
      if (wrong == null) {
        authorities.addAll(read.found());
      }
    }
    return new FrontendTls(
        authorities, validation.string("mode").equals("AllowInsecureFallback"), problem);
  }

  private static Verdict refused(String reason, String message) {
    return Verdict.no("ResolvedRefs", reason, message);
  }

  /// What is said of a port goes before what is said of all.
  private static Struct validation(Struct gateway, long port) {
    Struct frontend = gateway.struct("spec", "tls", "frontend");
    for (Struct each : frontend.structs("perPort")) {
      if (each.integer("port") == port) {
        return each.struct("tls", "validation");
      }
    }
    return frontend.struct("default", "validation");
  }

  /// Whether clients were to be verified, and there is nothing to do it by.
  boolean isClosed() {
    return problem != null && authorities.isEmpty();
  }

  /// How a certificate is shown to clients that are asked for theirs.
  TlsSettings asking(TlsSettings shown) {
    return authorities.isEmpty()
        ? shown
        : shown.with(
            authorities,
            isFallback ? TlsSettings.ClientCheck.BY_HANDLER : TlsSettings.ClientCheck.IN_HANDSHAKE);
  }
}
