package dev.tiphys.network.istio;

import dev.tiphys.http.Authorities;
import dev.tiphys.http.TlsSettings;
import dev.tiphys.http.TlsSettings.ClientCheck;
import dev.tiphys.http.TlsTerms;
import dev.tiphys.http.server.Tls;
import dev.tiphys.network.istio.destinations.Credentials;
import dev.tiphys.object.Struct;
import java.util.ArrayList;
import java.util.List;

/// Reads the `tls` of a Gateway's server: how clients are served that speak TLS with the edge.
///
/// @param credentials where keys and certificates are
/// @param namespace of the Gateway
record GatewayTls(Credentials credentials, String namespace) {

  /// From the oldest on.
  private static final List<String> VERSIONS = List.of("TLSV1_0", "TLSV1_1", "TLSV1_2", "TLSV1_3");

  private static final List<String> NAMES = List.of("TLSv1", "TLSv1.1", "TLSv1.2", "TLSv1.3");

  /// What would let in clients that it is to keep out, if it were not looked at.
  private static final List<String> NOT_KEPT =
      List.of("subjectAltNames", "verifyCertificateSpki", "verifyCertificateHash");

  private static final Authorities NO_CLIENT = new Authorities(List.of(), List.of());

  /// @throws IllegalArgumentException says why it can't be kept
  TlsSettings read(Struct tls) {
    String mode = tls.string("mode");
    ClientCheck check =
        switch (mode) {
          case "SIMPLE" -> ClientCheck.BY_HANDLER;
          case "MUTUAL" -> ClientCheck.IN_HANDSHAKE;
          case "OPTIONAL_MUTUAL" -> ClientCheck.IF_SHOWN;
          case "ISTIO_MUTUAL" ->
              throw new IllegalArgumentException(
                  "TLS mode ISTIO_MUTUAL is not served here: Pods have no certificates of a mesh");
          default ->
              throw new IllegalArgumentException("TLS mode %s is not served here".formatted(mode));
        };
    for (String field : NOT_KEPT) {
      if (tls.has(field) && check != ClientCheck.BY_HANDLER) {
        throw new IllegalArgumentException("tls.%s is not kept here".formatted(field));
      }
    }
    String name =
        tls.strings("credentialNames").isEmpty()
            ? tls.string("credentialName")
            : tls.strings("credentialNames").getFirst();
    if (name.isEmpty()) {
      throw new IllegalArgumentException(
          "certificates in files are not served here: name a Secret in tls.credentialName");
    }
    Credentials.Pair pair = credentials.pair(namespace, name);
    Authorities clients = check == ClientCheck.BY_HANDLER ? NO_CLIENT : clients(tls, name);
    return new TlsSettings(
        pair.key(),
        pair.chain(),
        clients.certificates(),
        clients.revoked(),
        check,
        new TlsTerms(versions(tls), ciphers(tls)));
  }

  private Authorities clients(Struct tls, String name) {
    if (tls.has("caCrl")) {
      throw new IllegalArgumentException(
          "tls.caCrl is a file, which is not read here: put ca.crl into the Secret of"
              + " tls.credentialName");
    }
    return tls.has("caCertCredentialName")
        ? credentials.authoritiesOf(namespace, tls.string("caCertCredentialName"))
        : credentials.authorities(namespace, name);
  }

  /// By default from 1.2 on.
  private static List<String> versions(Struct tls) {
    int least = VERSIONS.indexOf(tls.string("minProtocolVersion"));
    int most = VERSIONS.indexOf(tls.string("maxProtocolVersion"));
    int first = least < 0 ? Math.min(2, most < 0 ? 2 : most) : least;
    int last = most < 0 ? NAMES.size() - 1 : most;
    if (last < first) {
      throw new IllegalArgumentException(
          "there is no version of TLS from %s to %s"
              .formatted(VERSIONS.get(first), VERSIONS.get(last)));
    }
    return List.copyOf(NAMES.subList(first, last + 1).reversed());
  }

  /// Those that are known here, as upstream leaves out what it does not know.
  private static List<String> ciphers(Struct tls) {
    List<String> known = new ArrayList<>();
    for (String name : tls.strings("cipherSuites")) {
      if (Tls.knowsCipher(name)) {
        known.add(name);
      }
    }
    if (known.isEmpty() && !tls.strings("cipherSuites").isEmpty()) {
      throw new IllegalArgumentException("none of tls.cipherSuites is known here");
    }
    return known;
  }
}
