package dev.tiphys.network.gatewayapi;

import dev.tiphys.http.Authorities;
import dev.tiphys.network.router.backends.EndpointTls;
import dev.tiphys.object.Struct;
import dev.tiphys.object.api.Meta;
import dev.tiphys.object.api.ObjectKey;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// How connections to the endpoints of Services are secured: what BackendTLSPolicies say. Of two
/// for the same target the older one counts.
final class TlsPolicies {

  private final AuthorityRefs refs;
  private final Map<Target, Policy> byTarget = new HashMap<>();
  private final Map<ObjectKey, Policy> all = new LinkedHashMap<>();

  /// @param section name of a port; empty for all that have none of their own
  private record Target(ObjectKey service, String section) {}

  /// A policy, as it was found to be.
  ///
  /// @param tls null if it can't be kept: then no request is passed on
  record Policy(Struct object, @Nullable EndpointTls tls, Verdict accepted, Verdict resolved) {

    List<Verdict> verdicts() {
      return List.of(accepted, resolved);
    }

    /// The Services that it is for.
    List<ObjectKey> services() {
      return object.structs("spec", "targetRefs").stream()
          .filter(TlsPolicies::isService)
          .map(ref -> new ObjectKey(Meta.of(object).namespace(), ref.string("name")))
          .toList();
    }
  }

  /// @param policies the oldest first
  TlsPolicies(List<Struct> policies, AuthorityRefs refs) {
    this.refs = refs;
    policies.forEach(this::add);
  }

  private static boolean isService(Struct ref) {
    return ref.string("group").isEmpty() && ref.string("kind").equals("Service");
  }

  private void add(Struct object) {
    Policy read = read(object);
    boolean first = false;
    for (Struct ref : object.structs("spec", "targetRefs")) {
      if (isService(ref)) {
        ObjectKey service = new ObjectKey(Meta.of(object).namespace(), ref.string("name"));
        Target target = new Target(service, ref.string("sectionName"));
        first |= byTarget.putIfAbsent(target, read) == null;
      }
    }
    all.put(
        ObjectKey.of(object),
        first
            ? read
            : new Policy(
                object,
                read.tls(),
                Verdict.no("Accepted", "Conflicted", "an older policy has the same targets"),
                read.resolved()));
  }

  private Policy read(Struct object) {
    Struct validation = object.struct("spec", "validation");
    List<X509Certificate> authorities = new ArrayList<>();
    Verdict resolved = Verdict.yes("ResolvedRefs", "ResolvedRefs");
    for (Struct ref : validation.structs("caCertificateRefs")) {
      Verdict problem = read(Meta.of(object).namespace(), ref, authorities);
      resolved = problem == null || !resolved.holds() ? resolved : problem;
    }
    String wellKnown = validation.string("wellKnownCACertificates");
    boolean usable = wellKnown.isEmpty() ? !authorities.isEmpty() : wellKnown.equals("System");
    if (!usable) {
      String reason = wellKnown.isEmpty() ? "NoValidCACertificate" : "Invalid";
      String message =
          wellKnown.isEmpty()
              ? "there is no authority to verify certificates by"
              : "wellKnownCACertificates %s is not known here".formatted(wellKnown);
      return new Policy(object, null, Verdict.no("Accepted", reason, message), resolved);
    }
    List<String> hosts = new ArrayList<>();
    List<String> uris = new ArrayList<>();
    for (Struct name : validation.structs("subjectAltNames")) {
      if (name.string("type").equals("URI")) {
        uris.add(name.string("uri"));
      } else {
        hosts.add(name.string("hostname").toLowerCase(Locale.ROOT));
      }
    }
    return new Policy(
        object,
        new EndpointTls(
            validation.string("hostname"),
            new EndpointTls.Trust(
                authorities.isEmpty() ? null : new Authorities(authorities, List.of()),
                hosts,
                uris)),
        Verdict.yes("Accepted", "Accepted"),
        resolved);
  }

  private @Nullable Verdict read(String namespace, Struct ref, List<X509Certificate> authorities) {
    AuthorityRefs.Read read = refs.read(ref, new ObjectKey(namespace, ref.string("name")));
    authorities.addAll(read.found());
    return switch (read.problem()) {
      case NONE -> null;
      case KIND -> Verdict.no("ResolvedRefs", "InvalidKind", read.message());
      case MISSING -> Verdict.no("ResolvedRefs", "InvalidCACertificateRef", read.message());
    };
  }

  /// The policy for a port of a Service; null if there is none.
  @Nullable Policy of(ObjectKey service, String port) {
    Policy own = byTarget.get(new Target(service, port));
    return own == null ? byTarget.get(new Target(service, "")) : own;
  }

  List<Policy> all() {
    return List.copyOf(all.values());
  }
}
