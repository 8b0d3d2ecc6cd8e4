package dev.tiphys.network.dns;

import dev.tiphys.client.Api;
import dev.tiphys.client.ApiResource;
import dev.tiphys.client.Informer;
import dev.tiphys.client.ListOptions;
import dev.tiphys.client.defaults.ServedHere;
import dev.tiphys.object.Struct;
import dev.tiphys.object.StructBuilder;
import dev.tiphys.object.api.ApiException;
import dev.tiphys.object.api.Meta;
import dev.tiphys.object.api.ObjectKey;
import dev.tiphys.object.api.Reason;
import dev.tiphys.world.Gate;
import dev.tiphys.world.SupervisedTask;
import dev.tiphys.world.Supervisor.OnFailure;
import dev.tiphys.world.World;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// Keeps the objects by which the DNS is found and told what to do: the Service `kube-dns`, the
/// ConfigMap `coredns`, and the slice that says where this server listens.
///
/// A Service of that name that selects Pods belongs to another program, and is left alone.
///
/// Threads: any.
final class DnsObjects implements AutoCloseable {

  private static final String NAMESPACE = "kube-system";
  private static final String SERVICE = "kube-dns";
  private static final String CONFIG_MAP = "coredns";
  private static final String SERVICE_NAME = "kubernetes.io/service-name";
  private static final Duration RETRY = Duration.ofMillis(200);
  private static final Duration LONGEST_RETRY = Duration.ofSeconds(30);

  private final Api api;
  private final World world;
  private final DnsSettings settings;
  private final int port;
  private final int pagesPort;
  private final Informer service;
  private final Informer configMap;
  private final Informer node;
  private final ServedHere slices;
  private final Gate changed;
  private final SupervisedTask task;

  /// @param port where queries are answered
  /// @param pagesPort where metrics are
  /// @param configured is told of the ConfigMap
  DnsObjects(
      World world,
      Api api,
      DnsSettings settings,
      int port,
      int pagesPort,
      Consumer<Struct> configured) {
    this.world = world;
    this.api = api;
    this.settings = settings;
    this.port = port;
    this.pagesPort = pagesPort;
    this.changed = world.background().gate();
    this.service = named(ApiResource.SERVICES, NAMESPACE, SERVICE);
    this.configMap = named(ApiResource.CONFIG_MAPS, NAMESPACE, CONFIG_MAP);
    this.node = named(ApiResource.NODES, "", settings.node());
    this.slices = new ServedHere(world, api, new ObjectKey(NAMESPACE, SERVICE), this::wantedSlices);
    node.listen(Informer.Listener.ofAll(_ -> slices.look()));
    for (Informer each : informers()) {
      each.listen(Informer.Listener.ofAll(_ -> changed.open()));
    }
    configMap.listen(
        new Informer.Listener() {
          @Override
          public void added(Struct object) {
            configured.accept(object);
          }

          @Override
          public void updated(Struct before, Struct now) {
            configured.accept(now);
          }
        });
    this.task = world.supervisor().task("dns-objects", OnFailure.RESTART);
  }

  private Informer named(ApiResource resource, String namespace, String name) {
    return new Informer(
        world, api, resource, namespace, ListOptions.withFields("metadata.name=" + name));
  }

  private List<Informer> informers() {
    return List.of(service, configMap, node);
  }

  void start() {
    informers().forEach(Informer::start);
    task.start(this::run);
    slices.start();
  }

  private void run() throws InterruptedException {
    for (Informer each : informers()) {
      each.awaitSynced();
    }
    Duration pause = RETRY;
    while (true) {
      try {
        ensure();
        task.problem("");
        pause = RETRY;
        changed.await();
      } catch (ApiException e) {
        task.problem("the objects of the DNS cannot be written: " + e.message());
        world.background().sleep(pause);
        Duration twice = pause.multipliedBy(2);
        pause = twice.compareTo(LONGEST_RETRY) < 0 ? twice : LONGEST_RETRY;
      }
    }
  }

  private void ensure() {
    if (configMap.find(NAMESPACE, CONFIG_MAP) == null) {
      create(ApiResource.CONFIG_MAPS, wantedConfigMap());
    }
    Struct present = service.find(NAMESPACE, SERVICE);
    if (present == null) {
      // It may have just been made: another one with its address would be refused.
      present = api.find(ApiResource.SERVICES, NAMESPACE, SERVICE);
    }
    if (present == null) {
      create(ApiResource.SERVICES, wantedService());
    }
  }

  /// Another server may have made it at the same time.
  private void create(ApiResource resource, Struct object) {
    try {
      api.create(resource, object);
    } catch (ApiException e) {
      if (!e.is(Reason.ALREADY_EXISTS)) {
        throw e;
      }
    }
  }

  private Struct metadata(String name, Struct labels) {
    return Struct.of("name", name, "namespace", NAMESPACE, "labels", labels);
  }

  private static Struct port(String name, String protocol, int number) {
    return Struct.of("name", name, "port", (long) number, "protocol", protocol);
  }

  private Struct wantedService() {
    boolean both = settings.service().size() > 1;
    List<String> addresses = settings.service().stream().map(InetAddress::getHostAddress).toList();
    return new StructBuilder()
        .add("apiVersion", "v1")
        .add("kind", "Service")
        .add(
            "metadata",
            metadata(
                    SERVICE,
                    new StructBuilder()
                        .add("k8s-app", SERVICE)
                        .add("kubernetes.io/cluster-service", "true")
                        .add("kubernetes.io/name", "CoreDNS")
                        .build())
                .with(
                    "annotations",
                    Struct.of(
                        "prometheus.io/port",
                        Integer.toString(DnsSettings.PAGES_PORT),
                        "prometheus.io/scrape",
                        "true")))
        .add(
            "spec",
            new StructBuilder()
                .add("clusterIP", addresses.getFirst())
                .add("clusterIPs", addresses)
                .add("ipFamilyPolicy", both ? "RequireDualStack" : "SingleStack")
                .add(
                    "ports",
                    List.of(
                        port("dns", "UDP", 53),
                        port("dns-tcp", "TCP", 53),
                        port("metrics", "TCP", DnsSettings.PAGES_PORT)))
                .add("trafficDistribution", "PreferSameNode")
                .build())
        .build();
  }

  private Struct wantedConfigMap() {
    return new StructBuilder()
        .add("apiVersion", "v1")
        .add("kind", "ConfigMap")
        .add("metadata", Struct.of("name", CONFIG_MAP, "namespace", NAMESPACE))
        .add("data", Struct.of("Corefile", corefile(settings)))
        .build();
  }

  /// The configuration of a new cluster.
  static String corefile(DnsSettings settings) {
    return """
        .:53 {
            kubernetes %s in-addr.arpa ip6.arpa {
                pods insecure
                fallthrough in-addr.arpa ip6.arpa
                ttl 5
            }
            hosts {
                # 192.0.2.7 printer.example.com
                fallthrough
            }
            forward . %s
            cache 30
        }
        # example.com:53 {
        #     forward . 192.0.2.53
        #     cache 30
        # }
        """
        .formatted(settings.domain(), settings.resolvConf());
  }

  /// Where Pods can ask: not on the loopback.
  private List<Struct> wantedSlices() {
    return settings.addresses().stream()
        .filter(each -> !each.isLoopbackAddress())
        .map(this::wantedSlice)
        .toList();
  }

  private Struct wantedSlice(InetAddress address) {
    boolean four = address instanceof Inet4Address;
    Struct endpoint =
        new StructBuilder()
            .add("addresses", List.of(address.getHostAddress()))
            .add(
                "conditions",
                new StructBuilder()
                    .add("ready", true)
                    .add("serving", true)
                    .add("terminating", false)
                    .build())
            .add("hints", Struct.of("forNodes", List.of(Struct.of("name", settings.node()))))
            .add("nodeName", settings.node())
            .build();
    Struct metadata =
        metadata(
            SERVICE + "-" + settings.node() + (four ? "" : "-ipv6"),
            new StructBuilder()
                .add("endpointslice.kubernetes.io/managed-by", "dns.tiphys.dev")
                .add("k8s-app", SERVICE)
                .add(SERVICE_NAME, SERVICE)
                .build());
    Struct own = node.find("", settings.node());
    return new StructBuilder()
        .add("addressType", four ? "IPv4" : "IPv6")
        .add("apiVersion", "discovery.k8s.io/v1")
        .add("endpoints", List.of(endpoint))
        .add("kind", "EndpointSlice")
        .add("metadata", own == null ? metadata : metadata.with("ownerReferences", owner(own)))
        .add(
            "ports",
            List.of(
                port("dns", "UDP", port),
                port("dns-tcp", "TCP", port),
                port("metrics", "TCP", pagesPort)))
        .build();
  }

  /// The slice goes with the node, should this server not live to remove it.
  private static List<Struct> owner(Struct node) {
    return List.of(
        new StructBuilder()
            .add("apiVersion", "v1")
            .add("kind", "Node")
            .add("name", Meta.of(node).name())
            .add("uid", Meta.of(node).uid())
            .build());
  }

  /// What the ConfigMap says now; null if it is not known.
  @Nullable Struct configMap() {
    return configMap.find(NAMESPACE, CONFIG_MAP);
  }

  /// Takes the slices out of the Service, so that no Pod asks here any more.
  @Override
  public void close() {
    task.close();
    slices.close();
    informers().forEach(Informer::close);
  }
}
