package dev.tiphys.network.gatewayapi;

import dev.tiphys.http.TlsSettings;
import dev.tiphys.network.gatewayapi.fields.Grants;
import dev.tiphys.object.Struct;
import dev.tiphys.object.api.Meta;
import dev.tiphys.object.api.ObjectKey;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// Reads the listeners of Gateways, the oldest Gateway first. All share the ports of the edge: of
/// two that contradict each other the first is served.
final class GatewayListeners {

  private final Grants grants;
  private final Function<ObjectKey, Optional<TlsSettings>> secrets;
  private final AuthorityRefs authorities;
  private final Map<Integer, List<GatewayListener>> ofPort = new HashMap<>();

  /// @param secrets those of type `kubernetes.io/tls` that are usable
  GatewayListeners(
      Grants grants,
      Function<ObjectKey, Optional<TlsSettings>> secrets,
      AuthorityRefs authorities) {
    this.authorities = authorities;
    this.grants = grants;
    this.secrets = secrets;
  }

  List<GatewayListener> read(Struct gateway) {
    List<GatewayListener> listeners = new ArrayList<>();
    for (Struct spec : gateway.structs("spec", "listeners")) {
      GatewayListener listener = read(gateway, spec);
      listeners.add(listener);
      if (listener.accepted().holds() && !listener.conflicted().holds()) {
        ofPort.computeIfAbsent(listener.port(), _ -> new ArrayList<>()).add(listener);
      }
    }
    return listeners;
  }

  private GatewayListener read(Struct gateway, Struct spec) {
    List<String> known = kinds(spec);
    List<TlsSettings> certificates = new ArrayList<>();
    Verdict resolved = certificates(gateway, spec, certificates);
    FrontendTls frontend = FrontendTls.of(gateway, spec, grants, authorities);
    Verdict unverified = frontend.problem();
    resolved = resolved.holds() && unverified != null ? unverified : resolved;
    List<String> kinds = new ArrayList<>();
    List<Struct> wanted = spec.structs("allowedRoutes", "kinds");
    for (Struct each : wanted) {
      String kind = each.string("kind");
      if (each.string("group").equals(GatewayResources.GROUP) && known.contains(kind)) {
        kinds.add(kind);
      } else if (resolved.holds()) {
        resolved =
            Verdict.no(
                "ResolvedRefs",
                "InvalidRouteKinds",
                "routes of kind %s can't be attached to protocol %s"
                    .formatted(kind, spec.string("protocol")));
      }
    }
    return new GatewayListener(
        gateway,
        spec,
        wanted.isEmpty() ? known : kinds,
        certificates.stream().map(frontend::asking).toList(),
        frontend,
        accepted(gateway, spec, known, frontend),
        conflicted(gateway, spec, frontend),
        resolved);
  }

  private static List<String> kinds(Struct spec) {
    return switch (spec.string("protocol")) {
      case "HTTP", "HTTPS" -> List.of("HTTPRoute", "GRPCRoute");
      case "TLS" -> List.of("TLSRoute");
      case "TCP" -> List.of("TCPRoute");
      default -> List.of();
    };
  }

  private Verdict accepted(Struct gateway, Struct spec, List<String> known, FrontendTls frontend) {
    if (known.isEmpty()) {
      return Verdict.no(
          "Accepted",
          "UnsupportedProtocol",
          "protocol %s is not served here".formatted(spec.string("protocol")));
    }
    if (frontend.isClosed()) {
      return Verdict.no(
          "Accepted",
          "NoValidCACertificate",
          "there is no authority to verify certificates of clients by");
    }
    for (GatewayListener other : at(spec)) {
      if (other.protocol().equals("TCP")
          && spec.string("protocol").equals("TCP")
          && !other.isOf(gateway)) {
        return Verdict.no(
            "Accepted", "PortUnavailable", "Gateway %s has the port".formatted(key(other)));
      }
    }
    return Verdict.yes("Accepted", "Accepted");
  }

  private List<GatewayListener> at(Struct spec) {
    return ofPort.getOrDefault((int) spec.integer("port"), List.of());
  }

  private static ObjectKey key(GatewayListener listener) {
    return ObjectKey.of(listener.gateway());
  }

  /// Those of HTTPS and TLS are told apart by the name that clients ask for. Under one name all are
  /// asked for the same certificates.
  private Verdict conflicted(Struct gateway, Struct spec, FrontendTls frontend) {
    String protocol = spec.string("protocol");
    for (GatewayListener other : at(spec)) {
      boolean secure = protocol.equals("HTTPS") || protocol.equals("TLS");
      boolean same = other.protocol().equals(protocol);
      if (!same && !(secure && other.isSecure())) {
        return new Verdict(
            "Conflicted",
            true,
            "ProtocolConflict",
            "listener %s of Gateway %s has the port for %s"
                .formatted(other.name(), key(other), other.protocol()));
      }
      boolean contested =
          !same
              || other.isPassthrough() && !other.isOf(gateway)
              || !other.frontend().equals(frontend);
      if (contested && other.hostname().equals(spec.string("hostname"))) {
        return new Verdict(
            "Conflicted",
            true,
            "HostnameConflict",
            "listener %s of Gateway %s has the host".formatted(other.name(), key(other)));
      }
    }
    return Verdict.no("Conflicted", "NoConflicts", "");
  }

  private Verdict certificates(Struct gateway, Struct spec, List<TlsSettings> found) {
    Verdict good = Verdict.yes("ResolvedRefs", "ResolvedRefs");
    boolean needed =
        spec.string("protocol").equals("HTTPS")
            || spec.string("protocol").equals("TLS")
                && spec.string("tls", "mode").equals("Terminate");
    if (!needed) {
      return good;
    }
    List<Struct> refs = spec.structs("tls", "certificateRefs");
    Verdict bad =
        refs.isEmpty()
            ? Verdict.no("ResolvedRefs", "InvalidCertificateRef", "no certificate is named")
            : null;
    for (Struct ref : refs) {
      Verdict problem = certificate(gateway, ref, found);
      bad = bad == null ? problem : bad;
    }
    return bad == null ? good : bad;
  }

  private @Nullable Verdict certificate(Struct gateway, Struct ref, List<TlsSettings> found) {
    String own = Meta.of(gateway).namespace();
    String namespace = ref.has("namespace") ? ref.string("namespace") : own;
    ObjectKey key = new ObjectKey(namespace, ref.string("name"));
    if (!ref.string("group").isEmpty() || !ref.string("kind").equals("Secret")) {
      return Verdict.no(
          "ResolvedRefs",
          "InvalidCertificateRef",
          "%s %s is no Secret".formatted(ref.string("kind"), key));
    }
    if (!grants.allow("Gateway", own, "Secret", key)) {
      return Verdict.no(
          "ResolvedRefs",
          "RefNotPermitted",
          "no ReferenceGrant lets Gateways of namespace %s name Secret %s".formatted(own, key));
    }
    Optional<TlsSettings> settings = secrets.apply(key);
    settings.ifPresent(found::add);
    return settings.isPresent()
        ? null
        : Verdict.no(
            "ResolvedRefs",
            "InvalidCertificateRef",
            "there is no Secret %s of type kubernetes.io/tls that is usable".formatted(key));
  }
}
