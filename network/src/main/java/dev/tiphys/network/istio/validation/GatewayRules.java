package dev.tiphys.network.istio.validation;

import dev.tiphys.object.Struct;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/// The rules for a Gateway.
final class GatewayRules {

  private static final List<String> OF_HTTP =
      List.of("HTTP", "HTTP2", "GRPC", "GRPC-WEB", "HTTP_PROXY");
  private static final List<String> SECURE = List.of("HTTPS", "TLS");
  private static final List<String> OTHERS =
      List.of("TCP", "UDP", "MONGO", "REDIS", "MYSQL", "HBONE");

  /// What a mode of TLS that is not of Secrets must not have.
  private static final List<String> SOURCES =
      List.of(
          "caCrl",
          "serverCertificate",
          "privateKey",
          "caCertificates",
          "tlsCertificates",
          "credentialName",
          "credentialNames");

  private GatewayRules() {}

  static void check(Struct spec, Findings findings) {
    List<Struct> servers = spec.structs("servers");
    if (servers.isEmpty()) {
      findings.error("gateway must have at least one server");
    }
    servers.forEach(server -> checkServer(server, findings));
    Set<String> names = new HashSet<>();
    for (Struct server : servers) {
      String name = server.string("port", "name");
      if (!name.isEmpty() && !names.add(name)) {
        findings.error("port names in servers must be unique: duplicate name %s", name);
      }
    }
  }

  private static void checkServer(Struct server, Findings findings) {
    if (server.strings("hosts").isEmpty()) {
      findings.error("server config must contain at least one host");
    }
    findings.port(server.integer("port", "number"));
    String protocol = server.string("port", "protocol");
    String known = protocol.toUpperCase(Locale.ROOT);
    Struct tls = server.struct("tls");
    checkTls(tls, findings);
    if (SECURE.contains(known)) {
      if (!server.has("tls")) {
        findings.error("server must have TLS settings for HTTPS/TLS protocols");
      }
      if (tls.bool("httpsRedirect")) {
        findings.warn("tls.httpsRedirect should only be used with http servers");
      }
    } else if (OF_HTTP.contains(known)) {
      if (server.has("tls") && (!isPassthrough(tls) || hasFiles(tls))) {
        findings.error("server cannot have TLS settings for plain text HTTP ports");
      }
    } else if (!OTHERS.contains(known)) {
      findings.error(
          "invalid protocol \"%s\", supported protocols are HTTP, HTTP2, GRPC, GRPC-WEB, MONGO,"
              + " REDIS, MYSQL, TCP",
          protocol);
    } else if (server.has("tls")) {
      findings.error("server cannot have TLS settings for non HTTPS/TLS ports");
    }
  }

  private static boolean isPassthrough(Struct tls) {
    String mode = tls.string("mode");
    return mode.isEmpty() || mode.equals("PASSTHROUGH") || mode.equals("AUTO_PASSTHROUGH");
  }

  private static boolean hasFiles(Struct tls) {
    return tls.has("caCertificates") || tls.has("privateKey") || tls.has("serverCertificate");
  }

  private static void checkTls(Struct tls, Findings findings) {
    String mode = tls.string("mode");
    if (List.of("TLSV1_0", "TLSV1_1").contains(tls.string("minProtocolVersion"))
        && tls.strings("cipherSuites").isEmpty()) {
      findings.warn(
          "TLS version below TLSV1_2 require setting compatible ciphers as by default they no"
              + " longer include compatible ciphers.");
    }
    if (mode.equals("ISTIO_MUTUAL")) {
      conflict(tls, "serverCertificate", "server certificate", findings);
      conflict(tls, "privateKey", "private key", findings);
      conflict(tls, "caCertificates", "CA bundle", findings);
      conflict(tls, "tlsCertificates", "tlsCertificates", findings);
      conflict(tls, "credentialName", "credentialName", findings);
      conflict(tls, "credentialNames", "credentialNames", findings);
      return;
    }
    if (isPassthrough(tls) && SOURCES.stream().anyMatch(tls::has)) {
      findings.warn(
          "%s mode does not use certificates, they will be ignored",
          mode.isEmpty() ? "PASSTHROUGH" : mode);
    }
    if (!isPassthrough(tls) && !tls.has("credentialName") && !tls.has("credentialNames")) {
      checkFiles(tls, mode.equals("SIMPLE") ? "SIMPLE TLS" : "MUTUAL TLS", findings);
    }
    if (tls.has("caCrl")) {
      if (tls.has("credentialName")) {
        findings.error(
            "CRL is not supported with credentialName. CRL has to be specified in the credential");
      }
      if (mode.equals("SIMPLE")) {
        findings.error("CRL is not supported with SIMPLE TLS");
      }
    }
  }

  private static void conflict(Struct tls, String field, String what, Findings findings) {
    if (tls.has(field)) {
      findings.error("ISTIO_MUTUAL TLS cannot have associated %s", what);
    }
  }

  private static void checkFiles(Struct tls, String mode, Findings findings) {
    if (mode.equals("MUTUAL TLS") && !tls.has("caCertificates")) {
      findings.error("%s requires a client CA bundle", mode);
    }
    List<Struct> pairs = tls.structs("tlsCertificates");
    for (Struct pair : pairs.isEmpty() ? List.of(tls) : pairs) {
      if (!pair.has("serverCertificate")) {
        findings.error("%s requires a server certificate", mode);
      }
      if (!pair.has("privateKey")) {
        findings.error("%s requires a private key", mode);
      }
    }
  }
}
