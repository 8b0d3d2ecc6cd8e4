package dev.tiphys.network.ingress;

import dev.tiphys.client.Informer;
import dev.tiphys.http.TlsSettings;
import dev.tiphys.object.Struct;
import dev.tiphys.object.api.Meta;
import dev.tiphys.object.api.ObjectKey;
import java.security.cert.X509Certificate;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// The certificates of hosts, out of the Secrets that Ingresses name. A host whose Secret is
/// missing or unusable has none.
///
/// Not shared between threads.
final class Certificates {

  private static final System.Logger LOG = System.getLogger(Certificates.class.getName());

  private final Map<ObjectKey, Known> known = new HashMap<>();
  private Map<String, TlsSettings> byHost = Map.of();

  private Asked asked = new Asked(byHost, Map.of(), byHost);

  /// What was asked for last, and what came of it.
  private record Asked(
      Map<String, TlsSettings> plain,
      Map<String, List<X509Certificate>> authorities,
      Map<String, TlsSettings> byHost) {}

  /// What a Secret was found to be at a version.
  private record Known(String version, Optional<TlsSettings> settings) {}

  /// Whether an Ingress names Secrets.
  boolean isNamedBy(@Nullable OwnIngress own) {
    return own != null && own.ingress().has("spec", "tls");
  }

  /// Reads all of them that are named. Those that have not changed are not read again.
  void read(Collection<OwnIngress> ingresses, Informer secrets) {
    Map<String, TlsSettings> next = new LinkedHashMap<>();
    Map<ObjectKey, Known> used = new HashMap<>();
    for (OwnIngress own : ingresses.stream().sorted(OwnIngress.OLDEST_FIRST).toList()) {
      for (Struct tls : own.ingress().structs("spec", "tls")) {
        ObjectKey key = new ObjectKey(own.key().namespace(), tls.string("secretName"));
        Struct secret = secrets.find(key);
        if (secret == null) {
          continue;
        }
        Known read = used.computeIfAbsent(key, _ -> known(key, secret));
        List<String> hosts = own.hosts(tls);
        read.settings.ifPresent(settings -> hosts.forEach(h -> next.putIfAbsent(h, settings)));
      }
    }
    known.clear();
    known.putAll(used);
    byHost = Map.copyOf(next);
  }

  private Known known(ObjectKey key, Struct secret) {
    Known before = known.get(key);
    String version = Meta.of(secret).resourceVersion();
    if (before != null && before.version.equals(version)) {
      return before;
    }
    try {
      return new Known(version, Optional.of(TlsSecrets.read(secret)));
    } catch (IllegalArgumentException e) {
      LOG.log(
          System.Logger.Level.WARNING, "Secret {0} is not used for TLS: {1}", key, e.getMessage());
      return new Known(version, Optional.empty());
    }
  }

  /// By host, in lower case. The same map as long as nothing was read and the same is asked for.
  ///
  /// @param authorities whose certificates clients are asked for, by host
  /// @param otherwise what hosts show whose clients are asked and that have no certificate
  Map<String, TlsSettings> asking(
      Map<String, List<X509Certificate>> authorities, Supplier<TlsSettings> otherwise) {
    if (authorities.isEmpty()) {
      asked = new Asked(byHost, authorities, byHost);
    } else if (asked.plain != byHost || !asked.authorities.equals(authorities)) {
      Map<String, TlsSettings> all = new LinkedHashMap<>(byHost);
      authorities.forEach(
          (host, wanted) -> {
            TlsSettings shown = byHost.get(host);
            all.put(
                host,
                (shown == null ? otherwise.get() : shown)
                    .with(wanted, TlsSettings.ClientCheck.BY_HANDLER));
          });
      asked = new Asked(byHost, authorities, Map.copyOf(all));
    }
    return asked.byHost;
  }
}
