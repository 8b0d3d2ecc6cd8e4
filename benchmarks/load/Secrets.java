import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.tiphys.apiserver.ApiServer;
import dev.tiphys.apiserver.ApiServerSettings;
import dev.tiphys.apiserver.bootstrap.DefaultObjects.ApiServerAddress;
import dev.tiphys.cli.machine.HeapKeeper;
import dev.tiphys.client.Api;
import dev.tiphys.client.ApiResource;
import dev.tiphys.client.Informer;
import dev.tiphys.client.ListOptions;
import dev.tiphys.object.Struct;
import dev.tiphys.object.api.ApiException;
import dev.tiphys.object.api.Meta;
import dev.tiphys.object.encoding.Yaml;
import dev.tiphys.secrets.ExternalSecrets;
import dev.tiphys.secrets.model.SecretsResources;
import dev.tiphys.store.embedded.EmbeddedStore;
import dev.tiphys.world.RealWorld;
import dev.tiphys.world.World;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.LongAdder;
import java.util.ArrayList;
import java.util.List;

/// Measures how fast Secrets are kept as a Vault has them: Secrets.java COUNT. API server, store (in memory), what keeps
/// them, and the Vault's stand-in, which takes 2 ms for each answer, are in this process.
///
/// First all are made at once, until each has its Secret and says so. Then they are asked for every minute, for a minute: the
/// processor time of that, an API server's and the stand-in's included, is told for the usual interval of an hour.
public final class Secrets {
  private static final int CREATORS = 8;
  private static final long LATENCY_MILLIS = 2;
  private static final Duration WATCHED = Duration.ofSeconds(60);
  private static final int SHORT_SECONDS = 60;

  private final World world = new RealWorld();
  private final ApiServer server =
      new ApiServer(
          EmbeddedStore.inMemory(world), world, ApiServerSettings.standard().withoutPlugins("ServiceAccount"));
  private final Api api = server.api("measuring");
  private final LongAdder reads = new LongAdder();
  private final LongAdder others = new LongAdder();
  private final Set<String> ready = ConcurrentHashMap.newKeySet();
  private final Semaphore synced = new Semaphore(0);

  private Secrets() {}

  public static void main(String[] arguments) throws Exception {
    HeapKeeper.start(new RealWorld()); // as in `tiphys up`
    new Secrets().measure(Integer.parseInt(arguments[0]));
    System.exit(0);
  }

  private void measure(int count) throws Exception {
    server.defaults(new ApiServerAddress("192.0.2.200", 6443, "10.96.0.1")).ensure();
    HttpServer vault = vault();
    ExternalSecrets.start(world, server.api(ExternalSecrets.NAME));
    awaitKinds();
    api.create(
        ApiResource.SECRETS,
        Yaml.struct("{apiVersion: v1, kind: Secret, metadata: {name: token, namespace: default}, stringData: {token: root}}"));
    api.create(
        SecretsResources.SECRET_STORES,
        Yaml.struct(
            """
            apiVersion: external-secrets.io/v1
            kind: SecretStore
            metadata: {name: vault, namespace: default}
            spec:
              provider:
                vault: {server: "http://127.0.0.1:%d", path: secret, auth: {tokenSecretRef: {name: token, key: token}}}
            """
                .formatted(vault.getAddress().getPort())));
    Informer secrets = new Informer(world, api, SecretsResources.EXTERNAL_SECRETS);
    secrets.listen(Informer.Listener.ofAll(this::seen));
    secrets.start();
    Duration spent = processorTime();
    long begin = System.nanoTime();
    create(count);
    synced.acquire(count);
    System.out.printf(
        "%-72s %.1f (%,d µs of processor time for each)%n",
        "%,d ExternalSecrets of one store synced, s".formatted(count),
        (System.nanoTime() - begin) / 1e9,
        processorTime().minus(spent).toNanos() / 1000 / count);
    System.out.printf("%-72s %,d and %,d%n", "reads, and other requests, of the store", reads.sum(), others.sum());
    refresh(count);
  }

  private void refresh(int count) throws Exception {
    long before = reads.sum();
    Duration spent = processorTime();
    Thread.sleep(WATCHED.toMillis());
    long done = reads.sum() - before;
    double micros = processorTime().minus(spent).toNanos() / 1e3 / Math.max(1, done);
    System.out.printf(
        "%-72s %.2f%% of a core (%,.0f µs for each of %,d)%n",
        "%,d of them at an interval of an hour".formatted(count), micros * count / 3600 / 1e6 * 100, micros, done);
  }

  private void seen(Struct secret) {
    if (Meta.isTrue(secret, "Ready") && ready.add(Meta.of(secret).uid())) {
      synced.release();
    }
  }

  private void awaitKinds() throws InterruptedException {
    for (int i = 0; i < 200; i++) {
      try {
        api.list(SecretsResources.EXTERNAL_SECRETS, "", ListOptions.ALL);
        api.list(SecretsResources.SECRET_STORES, "", ListOptions.ALL);
        return;
      } catch (ApiException e) {
        Thread.sleep(100);
      }
    }
    throw new IllegalStateException("ExternalSecrets are not served");
  }

  private void create(int count) throws Exception {
    try (ExecutorService creators = Executors.newFixedThreadPool(CREATORS)) {
      List<Future<?>> all = new ArrayList<>();
      for (int creator = 0; creator < CREATORS; creator++) {
        int first = creator;
        all.add(
            creators.submit(
                () -> {
                  for (int i = first; i < count; i += CREATORS) {
                    api.create(SecretsResources.EXTERNAL_SECRETS, external(i));
                  }
                }));
      }
      for (Future<?> each : all) {
        each.get();
      }
    }
  }

  private static Struct external(int number) {
    return Yaml.struct(
        """
        apiVersion: external-secrets.io/v1
        kind: ExternalSecret
        metadata: {name: app-%1$d, namespace: default}
        spec:
          refreshInterval: %2$ds
          secretStoreRef: {name: vault}
          data: [{secretKey: password, remoteRef: {key: app-%1$d, property: password}}]
        """
            .formatted(number, SHORT_SECONDS));
  }

  /// Answers as a Vault does that has a secret of every name.
  private HttpServer vault() throws IOException {
    HttpServer vault = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 1024);
    vault.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
    vault.createContext("/", this::answer);
    vault.start();
    return vault;
  }

  private void answer(HttpExchange exchange) throws IOException {
    boolean read = exchange.getRequestURI().getPath().startsWith("/v1/secret/data/");
    (read ? reads : others).increment();
    try {
      Thread.sleep(LATENCY_MILLIS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    String body =
        read
            ? "{\"data\":{\"data\":{\"password\":\"s3cret\"},\"metadata\":{\"version\":1}}}"
            : "{\"data\":{\"id\":\"root\",\"type\":\"service\",\"ttl\":0,\"expire_time\":null,\"renewable\":false}}";
    byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
    exchange.getResponseHeaders().set("Content-Type", "application/json");
    exchange.sendResponseHeaders(200, bytes.length);
    exchange.getResponseBody().write(bytes);
    exchange.close();
  }

  /// Of the whole process: what others do on the machine changes it little.
  private static Duration processorTime() {
    return ProcessHandle.current().info().totalCpuDuration().orElse(Duration.ZERO);
  }
}
