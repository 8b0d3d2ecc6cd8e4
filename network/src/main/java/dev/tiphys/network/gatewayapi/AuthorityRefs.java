package dev.tiphys.network.gatewayapi;

import dev.tiphys.object.Struct;
import dev.tiphys.object.api.ObjectKey;
import dev.tiphys.pki.Pem;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// Reads the authorities that references lead to: ConfigMaps with certificates under `ca.crt`.
///
/// @param configMaps those that there are
record AuthorityRefs(Function<ObjectKey, @Nullable Struct> configMaps) {

  /// What a reference leads to.
  ///
  /// @param found empty if there is a problem
  /// @param problem empty if there is none
  record Read(List<X509Certificate> found, Problem problem, String message) {}

  /// Why a reference is no good.
  enum Problem {
    NONE,
    /// It names another kind of object.
    KIND,
    /// What it names is not there, or has no certificates.
    MISSING
  }

  Read read(Struct ref, ObjectKey key) {
    if (!ref.string("group").isEmpty() || !ref.string("kind").equals("ConfigMap")) {
      return new Read(
          List.of(), Problem.KIND, "%s %s is no ConfigMap".formatted(ref.string("kind"), key));
    }
    Struct map = configMaps.apply(key);
    try {
      String text = map == null ? "" : map.string("data", "ca.crt");
      List<X509Certificate> found = text.isEmpty() ? List.of() : Pem.certificates(text);
      if (!found.isEmpty()) {
        return new Read(found, Problem.NONE, "");
      }
    } catch (IllegalArgumentException _) {
      // said below
    }
    return new Read(
        List.of(),
        Problem.MISSING,
        "there is no ConfigMap %s with certificates under ca.crt".formatted(key));
  }
}
