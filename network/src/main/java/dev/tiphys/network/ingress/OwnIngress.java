package dev.tiphys.network.ingress;

import dev.tiphys.network.ingress.annotations.Annotations;
import dev.tiphys.object.Struct;
import dev.tiphys.object.api.Meta;
import dev.tiphys.object.api.ObjectKey;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/// An Ingress that is served here, read once.
///
/// @param hosts all that it has a part in; `*` stands for any
record OwnIngress(Struct ingress, Annotations annotations, Set<String> hosts) {

  /// The name of the host that takes what no other does.
  static final String ANY = "*";

  static final Comparator<OwnIngress> OLDEST_FIRST =
      Comparator.comparing(OwnIngress::created).thenComparing(each -> each.key().toString());

  static OwnIngress of(Struct ingress) {
    Set<String> hosts = new LinkedHashSet<>();
    ingress.structs("spec", "rules").forEach(rule -> hosts.add(host(rule)));
    if (hosts.isEmpty() && ingress.has("spec", "defaultBackend")) {
      hosts.add(ANY);
    }
    for (Struct tls : ingress.structs("spec", "tls")) {
      tls.strings("hosts").forEach(each -> hosts.add(each.toLowerCase(Locale.ROOT)));
    }
    return new OwnIngress(ingress, Annotations.of(ingress), hosts);
  }

  /// The host of a rule.
  static String host(Struct rule) {
    String host = rule.string("host");
    return host.isEmpty() ? ANY : host.toLowerCase(Locale.ROOT);
  }

  ObjectKey key() {
    return ObjectKey.of(ingress);
  }

  private Instant created() {
    Instant created = Meta.of(ingress).created();
    return created == null ? Instant.MAX : created;
  }

  /// The hosts for which there is TLS.
  List<String> securedHosts() {
    List<String> secured = new ArrayList<>();
    ingress.structs("spec", "tls").forEach(each -> secured.addAll(hosts(each)));
    return secured;
  }

  /// The hosts that a Secret is for: those named beside it, else all of the Ingress.
  List<String> hosts(Struct tls) {
    List<String> named = tls.strings("hosts");
    return named.isEmpty()
        ? ingress.structs("spec", "rules").stream().map(OwnIngress::host).toList()
        : named.stream().map(each -> each.toLowerCase(Locale.ROOT)).toList();
  }
}
