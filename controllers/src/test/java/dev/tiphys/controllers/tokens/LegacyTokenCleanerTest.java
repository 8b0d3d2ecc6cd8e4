package dev.tiphys.controllers.tokens;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tiphys.apiserver.ApiServer;
import dev.tiphys.apiserver.ApiServerSettings;
import dev.tiphys.apiserver.bootstrap.DefaultObjects.ApiServerAddress;
import dev.tiphys.client.Api;
import dev.tiphys.client.ApiResource;
import dev.tiphys.client.Informers;
import dev.tiphys.client.ListOptions;
import dev.tiphys.client.PatchType;
import dev.tiphys.controllers.common.ClusterView;
import dev.tiphys.object.Struct;
import dev.tiphys.object.api.Meta;
import dev.tiphys.object.encoding.Yaml;
import dev.tiphys.store.embedded.EmbeddedStore;
import dev.tiphys.world.VirtualWorld;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// Tokens in the Secrets of one account, which may be unused for five days. The account lists all
/// of them but `by-hand`.
class LegacyTokenCleanerTest {

  private static final List<String> MADE_BY_ITSELF =
      List.of("unused", "used", "odd", "mounted", "variable");

  private static final Duration UNUSED = Duration.ofDays(5);

  private final VirtualWorld world = new VirtualWorld(1);
  private final ApiServer server =
      new ApiServer(
          EmbeddedStore.inMemory(world),
          world,
          ApiServerSettings.standard().withoutPlugins("ServiceAccount"));
  private final Api api = server.api("tester");
  private final Informers informers = new Informers(world, api);
  private final LegacyTokenCleaner cleaner =
      new LegacyTokenCleaner(
          world,
          server.controllerApi(LegacyTokenCleaner.NAME, "it"),
          new ClusterView(informers),
          UNUSED);

  @BeforeEach
  void start() {
    server.defaults(new ApiServerAddress("10.0.0.1", 6443, "10.96.0.1")).ensure();
    api.create(
        ApiResource.SERVICE_ACCOUNTS,
        Yaml.struct("metadata: {name: app, namespace: default}")
            .with(
                "secrets", MADE_BY_ITSELF.stream().map(name -> Struct.of("name", name)).toList()));
    MADE_BY_ITSELF.forEach(this::makeToken);
    makeToken("by-hand");
    api.create(
        ApiResource.PODS,
        Yaml.struct(
            """
            metadata: {name: p, namespace: default}
            spec:
              containers:
              - name: c
                image: i
                env: [{name: A, valueFrom: {secretKeyRef: {name: variable, key: token}}}]
              volumes: [{name: v, secret: {secretName: mounted}}]
            """));
    informers.start();
    world.settle();
    cleaner.start();
  }

  @AfterEach
  void stop() {
    cleaner.close();
    informers.close();
    server.close();
    world.settle();
  }

  private void makeToken(String name) {
    api.create(
        ApiResource.SECRETS,
        Yaml.struct(
            """
            metadata:
              name: %s
              namespace: default
              annotations: {kubernetes.io/service-account.name: app}
            type: kubernetes.io/service-account-token
            """
                .formatted(name)));
  }

  private void use(String name, String day) {
    Struct labels = Struct.of("kubernetes.io/legacy-token-last-used", day);
    api.patch(
        ApiResource.SECRETS,
        "default",
        name,
        "",
        PatchType.MERGE,
        Struct.of("metadata", Struct.of("labels", labels)));
  }

  /// The Secrets that are marked as invalid.
  private List<String> invalid() {
    return api.list(ApiResource.SECRETS, "default", ListOptions.ALL).items().stream()
        .map(Meta::of)
        .filter(meta -> !meta.label("kubernetes.io/legacy-token-invalid-since").isEmpty())
        .map(Meta::name)
        .toList();
  }

  @Test
  void whatNothingUsesIsMarkedAndGoesAfterTheSameTime() {
    world.advance(Duration.ofDays(4));
    use("used", world.now().toString().substring(0, 10));
    use("odd", "yesterday");
    assertThat(invalid()).as("before the time is over").isEmpty();

    world.advance(Duration.ofDays(4));

    assertThat(invalid()).containsExactly("unused");
    world.advance(Duration.ofDays(3));
    assertThat(invalid()).as("marked for too short a time").contains("unused");
    world.advance(Duration.ofDays(3));
    assertThat(api.find(ApiResource.SECRETS, "default", "unused")).isNull();
    assertThat(invalid()).containsExactly("used");
    assertThat(api.find(ApiResource.SECRETS, "default", "by-hand")).isNotNull();
  }
}
