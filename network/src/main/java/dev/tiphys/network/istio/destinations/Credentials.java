package dev.tiphys.network.istio.destinations;

import dev.tiphys.http.Authorities;
import dev.tiphys.object.Struct;
import dev.tiphys.pki.Pem;
import java.nio.charset.StandardCharsets;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.util.Base64;
import java.util.List;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;

/// Keys and certificates out of the Secrets that `credentialName` names: those of type
/// `kubernetes.io/tls`, and generic ones with `cert`, `key`, `cacert` and `crl`.
///
/// @param secrets by namespace and name
public record Credentials(BiFunction<String, String, @Nullable Struct> secrets) {

  /// Where Secrets are looked for besides the namespace of what names them.
  private static final String SHARED = "istio-system";

  /// What the Secret with authorities is called that belongs to another one.
  private static final String OF_AUTHORITIES = "-cacert";

  /// A key and its certificate, with those of the authorities behind it.
  public record Pair(PrivateKey key, List<X509Certificate> chain) {}

  private @Nullable Struct secret(String namespace, String name) {
    Struct own = secrets.apply(namespace, name);
    return own == null ? secrets.apply(SHARED, name) : own;
  }

  /// @throws IllegalArgumentException if there is no such Secret with a key and a certificate that
  ///   belong together
  public Pair pair(String namespace, String name) {
    Struct secret = secret(namespace, name);
    if (secret == null) {
      throw new IllegalArgumentException("there is no Secret %s".formatted(name));
    }
    boolean generic = has(secret, "key") && has(secret, "cert");
    String key = text(secret, generic ? "key" : "tls.key");
    String chain = text(secret, generic ? "cert" : "tls.crt");
    if (!Pem.belong(key, chain)) {
      throw new IllegalArgumentException(
          "Secret %s is not used: the key is not that of the certificate".formatted(name));
    }
    return new Pair(Pem.privateKey(key), Pem.certificates(chain));
  }

  /// The authorities of the Secret with the suffix `-cacert`, else of the one itself, and what they
  /// have revoked.
  ///
  /// @throws IllegalArgumentException if there are none
  public Authorities authorities(String namespace, String name) {
    Struct apart = secret(namespace, name + OF_AUTHORITIES);
    return apart == null
        ? authoritiesOf(namespace, name)
        : authorities(apart, name + OF_AUTHORITIES);
  }

  /// The authorities of a Secret, and what they have revoked.
  ///
  /// @throws IllegalArgumentException if there are none
  public Authorities authoritiesOf(String namespace, String name) {
    Struct secret = secret(namespace, name);
    if (secret == null) {
      throw new IllegalArgumentException("there is no Secret %s".formatted(name));
    }
    return authorities(secret, name);
  }

  private static Authorities authorities(Struct secret, String name) {
    boolean generic = has(secret, "cacert");
    List<X509Certificate> found = Pem.certificates(text(secret, generic ? "cacert" : "ca.crt"));
    if (found.isEmpty()) {
      throw new IllegalArgumentException(
          "Secret %s has no certificate of an authority (ca.crt)".formatted(name));
    }
    String lists = generic ? "crl" : "ca.crl";
    try {
      return new Authorities(found, Pem.revocations(text(secret, lists)));
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(
          "Secret %s has no list of revoked certificates that can be read (%s)"
              .formatted(name, lists),
          e);
    }
  }

  private static boolean has(Struct secret, String name) {
    return !secret.string("data", name).isEmpty();
  }

  private static String text(Struct secret, String name) {
    return new String(
        Base64.getDecoder().decode(secret.string("data", name)), StandardCharsets.UTF_8);
  }
}
