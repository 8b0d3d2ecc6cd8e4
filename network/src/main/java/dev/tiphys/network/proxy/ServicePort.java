package dev.tiphys.network.proxy;

import dev.tiphys.network.Prefix;
import dev.tiphys.network.Protocol;
import dev.tiphys.network.nftables.Family;
import dev.tiphys.object.IpAddress;
import dev.tiphys.object.Struct;
import dev.tiphys.object.api.Meta;
import java.net.InetAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// A port of a Service for the addresses of one family.
///
/// @param name by which its chains are called: `NAMESPACE/NAME/PROTOCOL/PORT`
/// @param port its name; empty if it has none
/// @param clusterAddress the Service's own
/// @param external the addresses by which it is reached from outside, but for the node's own
/// @param balancers those of them that a load balancer was given
/// @param sources who may come by the address of a load balancer; none for everybody
/// @param nodePort the port of all nodes; 0 for none
/// @param affinity how long a client is sent to the endpoint that it was sent to; zero for not at
///   all
/// @param internalLocal whether the Service's own address leads to endpoints of this node alone
/// @param externalLocal whether addresses from outside lead to endpoints of this node alone
record ServicePort(
    String name,
    String port,
    Family family,
    Protocol protocol,
    int number,
    InetAddress clusterAddress,
    List<InetAddress> external,
    List<InetAddress> balancers,
    List<Prefix> sources,
    int nodePort,
    Duration affinity,
    boolean internalLocal,
    boolean externalLocal) {

  private static final String SOURCES = "service.beta.kubernetes.io/load-balancer-source-ranges";
  private static final String OTHER_PROXY = "service.kubernetes.io/service-proxy-name";

  /// The ports of a Service that this proxy is to make; none of one without an address, of one that
  /// is left to another proxy, and of one that is just a name.
  static List<ServicePort> of(Struct service) {
    Struct spec = service.struct("spec");
    List<ServicePort> ports = new ArrayList<>();
    if (spec.string("type").equals("ExternalName") || Meta.of(service).labels().has(OTHER_PROXY)) {
      return ports;
    }
    for (InetAddress address : clusterAddresses(spec)) {
      for (Struct port : spec.structs("ports")) {
        Protocol protocol = Protocol.of(port.string("protocol"));
        if (protocol != null) {
          ports.add(of(service, port, protocol, address));
        }
      }
    }
    return ports;
  }

  private static List<InetAddress> clusterAddresses(Struct spec) {
    List<String> texts = spec.strings("clusterIPs");
    return addresses(texts.isEmpty() ? List.of(spec.string("clusterIP")) : texts, null);
  }

  private static ServicePort of(
      Struct service, Struct port, Protocol protocol, InetAddress address) {
    Meta meta = Meta.of(service);
    Struct spec = service.struct("spec");
    Family family = Family.of(address);
    List<InetAddress> balancers = addresses(balancers(service), family);
    List<InetAddress> external = new ArrayList<>(addresses(spec.strings("externalIPs"), family));
    balancers.stream().filter(one -> !external.contains(one)).forEach(external::add);
    return new ServicePort(
        "%s/%s/%s/%s"
            .formatted(
                meta.namespace(),
                meta.name(),
                protocol.name().toLowerCase(Locale.ROOT),
                port.string("name").isEmpty() ? port.integer("port") : port.string("name")),
        port.string("name"),
        family,
        protocol,
        (int) port.integer("port"),
        address,
        external,
        balancers,
        sources(service, family),
        (int) port.integer("nodePort"),
        affinity(spec),
        spec.string("internalTrafficPolicy").equals("Local"),
        spec.string("externalTrafficPolicy").equals("Local"));
  }

  /// Packets to the address of a balancer that is a proxy itself come here under another address.
  private static List<String> balancers(Struct service) {
    return service.struct("status", "loadBalancer").structs("ingress").stream()
        .filter(ingress -> !ingress.string("ipMode").equals("Proxy"))
        .map(ingress -> ingress.string("ip"))
        .toList();
  }

  private static List<InetAddress> addresses(List<String> texts, @Nullable Family family) {
    return texts.stream()
        .filter(text -> IpAddress.parse(text) != null)
        .map(InetAddress::ofLiteral)
        .filter(address -> family == null || Family.of(address) == family)
        .toList();
  }

  private static List<Prefix> sources(Struct service, Family family) {
    List<String> ranges = service.struct("spec").strings("loadBalancerSourceRanges");
    if (ranges.isEmpty()) {
      String annotation = Meta.of(service).annotation(SOURCES).strip();
      ranges = annotation.isEmpty() ? List.of() : List.of(annotation.split(","));
    }
    List<Prefix> sources = new ArrayList<>();
    for (String range : ranges) {
      Prefix prefix = Prefix.parse(range.strip());
      if (prefix != null && prefix.family() == family) {
        sources.add(prefix);
      }
    }
    return sources;
  }

  private static Duration affinity(Struct spec) {
    if (!spec.string("sessionAffinity").equals("ClientIP")) {
      return Duration.ZERO;
    }
    long seconds = spec.struct("sessionAffinityConfig", "clientIP").integer("timeoutSeconds");
    return seconds == 0 ? Duration.ofHours(3) : Duration.ofSeconds(seconds);
  }

  /// Whether it is reached from outside at all.
  boolean isExternal() {
    return nodePort > 0 || !external.isEmpty();
  }
}
