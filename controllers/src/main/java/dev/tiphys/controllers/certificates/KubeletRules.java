package dev.tiphys.controllers.certificates;

import dev.tiphys.pki.SigningRequest;
import dev.tiphys.pki.SigningRequest.NameKind;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/// What the certificates of kubelets must be like, in upstream's words.
final class KubeletRules {

  private static final String NODE = "system:node:";
  private static final List<String> ORGANIZATION = List.of("system:nodes");
  private static final String ENCIPHERMENT = "key encipherment";

  private KubeletRules() {}

  /// Why something is no client certificate of a kubelet; null if it is one.
  static @Nullable String clientFault(SigningRequest request, List<String> usages) {
    if (!request.organizations().equals(ORGANIZATION)) {
      return "subject organization is not system:nodes";
    }
    String names = forbidden(request, Set.of());
    if (names != null) {
      return names;
    }
    if (!request.commonName().startsWith(NODE)) {
      return "subject common name does not begin with system:node:";
    }
    return usageFault(usages, "client auth");
  }

  /// Why something is no serving certificate of a kubelet; null if it is one.
  static @Nullable String servingFault(SigningRequest request, List<String> usages) {
    if (!request.organizations().equals(ORGANIZATION)) {
      return "subject organization is not system:nodes";
    }
    List<NameKind> names = request.otherNames();
    if (!names.contains(NameKind.DNS) && !names.contains(NameKind.ADDRESS)) {
      return "DNS or IP subjectAltName is required";
    }
    String fault = forbidden(request, Set.of(NameKind.DNS, NameKind.ADDRESS));
    if (fault == null) {
      fault = usageFault(usages, "server auth");
    }
    if (fault == null && !request.commonName().startsWith(NODE)) {
      return "subject common name does not begin with system:node:";
    }
    return fault;
  }

  private static @Nullable String forbidden(SigningRequest request, Set<NameKind> allowed) {
    for (NameKind kind : List.of(NameKind.DNS, NameKind.EMAIL, NameKind.ADDRESS, NameKind.URI)) {
      if (!allowed.contains(kind) && request.otherNames().contains(kind)) {
        return switch (kind) {
          case DNS -> "DNS subjectAltNames are not allowed";
          case EMAIL -> "Email subjectAltNames are not allowed";
          case ADDRESS -> "IP subjectAltNames are not allowed";
          default -> "URI subjectAltNames are not allowed";
        };
      }
    }
    return null;
  }

  /// Keys of RSA encipher the keys of sessions, others do not.
  private static @Nullable String usageFault(List<String> usages, String purpose) {
    Set<String> wanted = new TreeSet<>(List.of("digital signature", ENCIPHERMENT, purpose));
    Set<String> given = new TreeSet<>(usages);
    given.add(ENCIPHERMENT);
    return given.equals(wanted) ? null : "usages did not match [" + String.join(" ", wanted) + "]";
  }
}
