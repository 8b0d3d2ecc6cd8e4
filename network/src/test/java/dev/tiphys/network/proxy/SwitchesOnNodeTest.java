package dev.tiphys.network.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tiphys.client.ApiResource;
import dev.tiphys.client.ListOptions;
import dev.tiphys.network.Host;
import dev.tiphys.network.LiveApi;
import dev.tiphys.network.PodHost;
import dev.tiphys.network.Protocol;
import dev.tiphys.object.Struct;
import dev.tiphys.object.api.Meta;
import dev.tiphys.object.encoding.Yaml;
import dev.tiphys.world.Task;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/// Endpoints that leave while connections are made: none fails, since a server ends only when the
/// proxies of all nodes have let go of it.
@Tag("node")
class SwitchesOnNodeTest {
  private static final Duration LONG = Duration.ofSeconds(20);
  private static final Duration SHORT = Duration.ofMillis(200);

  private PodHost node;
  private PodHost second;
  private LiveApi api;
  private Proxy proxy;

  @BeforeEach
  void start() throws Exception {
    node = new PodHost("node-1", 1);
    second = new PodHost("node-2", 2);
    api = new LiveApi();
    for (String name : new String[] {"node-1", "node-2"}) {
      api.apply(
          ApiResource.NODES,
          "metadata: {name: %s}\nstatus: {conditions: [{type: Ready, status: 'True'}]}"
              .formatted(name));
    }
    proxy = new Proxy(api.world(), api.api(), node.settings());
    proxy.start();
  }

  @AfterEach
  void stop() throws Exception {
    proxy.close();
    api.close();
    second.close();
    node.close();
  }

  private String service() {
    return api.apply(
            ApiResource.SERVICES,
            "metadata: {name: web}\nspec: {ports: [{port: 80, targetPort: 8080}]}")
        .struct("spec")
        .string("clusterIP");
  }

  private String endpoint(int pod, String conditions) {
    return "{addresses: ['%s'], nodeName: node-1, conditions: {%s}, targetRef: {kind: Pod, uid: p%d}}"
        .formatted(node.podAddress(pod), conditions, pod);
  }

  private long slice(String endpoints) {
    Struct made =
        api.apply(
            ApiResource.ENDPOINT_SLICES,
            """
        metadata: {name: web-1, labels: {kubernetes.io/service-name: web}}
        addressType: IPv4
        ports: [{name: '', port: 8080, protocol: TCP}]
        endpoints: [%s]
        """
                .formatted(endpoints));
    return Long.parseLong(made.struct("metadata").string("resourceVersion"));
  }

  private void served(long revision) throws Exception {
    api.eventually(() -> proxy.served() >= revision);
  }

  private static Struct pod(int number) {
    return Yaml.struct("metadata: {name: web, namespace: default, uid: p%d}".formatted(number));
  }

  @Test
  void aPodIsDrainedOnceTheProxiesOfAllReadyNodesServeThat() throws Exception {
    service();
    try (Proxy other = new Proxy(api.world(), api.api(), second.settings())) {
      other.start();
      served(slice(endpoint(2, "ready: true")));
      assertThat(proxy.awaitDrained(pod(2), SHORT)).as("it is not ending").isFalse();

      slice(endpoint(2, "ready: false, serving: true, terminating: true"));
      assertThat(proxy.awaitDrained(pod(2), LONG)).isTrue();
      api.eventually(() -> leases() == 2);
    }
    served(slice(endpoint(2, "ready: true")));
    slice(endpoint(2, "ready: false, serving: true, terminating: true"));
    assertThat(proxy.awaitDrained(pod(2), SHORT)).as("the other proxy is silent").isFalse();

    api.apply(
        ApiResource.NODES,
        "metadata: {name: node-2}\nstatus: {conditions: [{type: Ready, status: Unknown}]}");
    assertThat(proxy.awaitDrained(pod(2), LONG)).as("its node is away").isTrue();
  }

  private long leases() {
    return api.api().list(ApiResource.LEASES, "tiphys-network", ListOptions.ALL).items().stream()
        .filter(lease -> Meta.of(lease).name().startsWith("tiphys-proxy-"))
        .filter(lease -> lease.structs("metadata", "ownerReferences").size() == 1)
        .count();
  }

  @Test
  void noConnectionFailsWhileServersAreReplaced() throws Exception {
    Host client = node.addPod(99);
    String address = service();
    AutoCloseable server = serve(2);
    slice(endpoint(2, "ready: true"));
    api.eventually(() -> connects(client, address));
    AtomicInteger made = new AtomicInteger();
    AtomicInteger failed = new AtomicInteger();
    long end = api.world().nanoTime() + Duration.ofSeconds(3).toNanos();
    Task calls = calls(client, address, end, made, failed);

    for (int pod = 3; api.world().nanoTime() < end; pod++) {
      AutoCloseable next = serve(pod);
      slice(endpoint(pod - 1, "ready: true") + "," + endpoint(pod, "ready: true"));
      slice(
          endpoint(pod - 1, "ready: false, serving: true, terminating: true")
              + ","
              + endpoint(pod, "ready: true"));
      assertThat(proxy.awaitDrained(pod(pod - 1), LONG)).isTrue();
      // The caller makes one connection after the other: the one that was under way is over then.
      int before = made.get();
      api.eventually(() -> made.get() > before + 1 || api.world().nanoTime() >= end);
      server.close();
      slice(endpoint(pod, "ready: true"));
      server = next;
    }
    calls.join();
    server.close();

    assertThat(failed).hasValue(0);
    assertThat(made.get()).isGreaterThan(1000);
  }

  /// The kernel empties the maps of rules that it takes away at once, also for packets that are
  /// just looking: that happens to a few in 100,000 while rules change all the time.
  @Test
  void noConnectionFailsThatMeetsAChangeOfTheRules() throws Exception {
    Host client = node.addPod(99);
    String address = service();
    String some = endpoint(2, "ready: true") + "," + endpoint(3, "ready: true");
    String more = some + "," + endpoint(4, "ready: true");
    try (AutoCloseable _ = serve(2);
        AutoCloseable _ = serve(3);
        AutoCloseable _ = serve(4)) {
      slice(more);
      api.eventually(() -> connects(client, address));
      AtomicInteger made = new AtomicInteger();
      AtomicInteger failed = new AtomicInteger();
      long end = api.world().nanoTime() + Duration.ofSeconds(3).toNanos();
      Task calls = calls(client, address, end, made, failed);
      while (api.world().nanoTime() < end) {
        slice(some);
        slice(more);
      }
      calls.join();
      assertThat(failed).hasValue(0);
      assertThat(made.get()).isGreaterThan(1000);
    }
  }

  private Task calls(
      Host client, String address, long end, AtomicInteger made, AtomicInteger failed) {
    return api.world()
        .startThread(
            "calls",
            () -> {
              try {
                client.in(() -> callUntil(end, address, made, failed));
              } catch (Exception e) {
                failed.incrementAndGet();
              }
            });
  }

  private AutoCloseable serve(int pod) throws Exception {
    return node.addPod(pod).serve("pod-" + pod, 8080);
  }

  private static boolean connects(Host client, String address) throws Exception {
    return client.ask(Protocol.TCP, address, 80).startsWith("pod-");
  }

  private boolean callUntil(long end, String address, AtomicInteger made, AtomicInteger failed) {
    while (api.world().nanoTime() < end) {
      try (Socket socket = new Socket()) {
        socket.setSoLinger(true, 0);
        socket.connect(new InetSocketAddress(InetAddress.ofLiteral(address), 80), 1000);
        socket.setSoTimeout(1000);
        if (socket.getInputStream().readAllBytes().length == 0) {
          failed.incrementAndGet();
        }
        made.incrementAndGet();
      } catch (IOException e) {
        failed.incrementAndGet();
      }
    }
    return true;
  }
}
