package dev.tiphys.secrets.provider;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;

import com.google.re2j.Pattern;
import dev.tiphys.client.ApiResource;
import dev.tiphys.client.Informer;
import dev.tiphys.client.outbound.HttpTransport;
import dev.tiphys.client.outbound.ServiceAddresses;
import dev.tiphys.controllers.TestCluster;
import dev.tiphys.object.Struct;
import dev.tiphys.object.encoding.Json;
import dev.tiphys.secrets.model.Store;
import dev.tiphys.secrets.provider.HostileServer.Manner;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.assertj.core.api.AbstractThrowableAssert;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// What every kind of stores keeps to. A test of one extends this, and says what the store has.
public abstract class ProviderContract {

  private static final String DATABASE =
      """
      {"list":[{"n":1},{"n":2}],"nested":{"a.b":"dotted","c":"deep"},"password":"s3cret","port":5432,"user":"app"}
      """
          .strip();

  /// How long a server that hangs may be waited for; providers are made so.
  protected Duration patience = Duration.ofMinutes(1);

  protected TestCluster cluster;
  protected HttpTransport transport;
  private Informer services;

  /// What this kind can do.
  protected abstract Set<Trait> traits();

  protected abstract Provider provider();

  /// The settings of a store that works, as in `spec.provider.NAME`. Asked for before each opening.
  protected abstract Struct settings();

  /// The settings of a store at another server. Needed of what is [Trait#REMOTE].
  protected Struct settings(URI server) {
    throw new UnsupportedOperationException("not remote, unlike " + server);
  }

  /// What must never be seen in a message: tokens, keys, passwords that settings lead to.
  protected List<String> credentials() {
    return List.of();
  }

  /// Has the store have a secret that others than the provider have made, or a newer version of it.
  ///
  /// @return what this version is called there; empty if there are no versions
  protected abstract String have(String key, String json);

  @BeforeEach
  void startCluster() {
    cluster = new TestCluster(1);
    services = new Informer(cluster.world, cluster.api, ApiResource.SERVICES).start();
    cluster.world.settle();
    transport = new HttpTransport(new ServiceAddresses(services));
  }

  @AfterEach
  void closeCluster() {
    services.close();
    cluster.close();
  }

  /// A store of these settings, open.
  protected OpenStore open(Struct settings) throws InterruptedException {
    Provider provider = provider();
    Struct object =
        Struct.of(
            "kind",
            "SecretStore",
            "metadata",
            Struct.of("name", "main", "namespace", "default"),
            "spec",
            Struct.of("provider", Struct.of(provider.name(), settings)));
    return provider.open(
        new StoreContext(
            cluster.world,
            new Store(object),
            "default",
            new References(cluster.api, false, "default"),
            transport));
  }

  private OpenStore open() throws InterruptedException {
    return open(settings());
  }

  protected static String text(byte[] value) {
    return new String(value, StandardCharsets.UTF_8);
  }

  protected static Map<String, String> texts(Map<String, byte[]> values) {
    Map<String, String> texts = new HashMap<>();
    values.forEach((key, value) -> texts.put(key, text(value)));
    return texts;
  }

  private static RemoteReference at(String key) {
    return new RemoteReference(key, "");
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  @Test
  void aSecretIsReadWhole() throws InterruptedException {
    assumeThat(traits()).doesNotContain(Trait.FLAT);
    have("db", DATABASE);
    try (OpenStore store = open()) {
      assertThat(Json.parse(store.read(at("db")))).isEqualTo(Json.struct(DATABASE));
    }
  }

  @Test
  void aPropertyIsAFieldOrWhatAPathLeadsTo() throws InterruptedException {
    assumeThat(traits()).doesNotContain(Trait.OPAQUE);
    have("db", DATABASE);
    try (OpenStore store = open()) {
      Map<String, String> expected =
          Map.of(
              "user", "app",
              "port", "5432",
              "nested.c", "deep",
              "nested.a\\.b", "dotted",
              "list.1.n", "2",
              "list.#", "2",
              "list.1", "{\"n\":2}");
      for (Map.Entry<String, String> each : expected.entrySet()) {
        assertThat(text(store.read(new RemoteReference("db", each.getKey()))))
            .as(each.getKey())
            .isEqualTo(each.getValue());
      }
    }
  }

  @Test
  void allFieldsOfASecretOrOfAPropertyOfItAreRead() throws InterruptedException {
    have("db", DATABASE);
    try (OpenStore store = open()) {
      assertThat(texts(store.readAll(at("db"))))
          .hasSize(5)
          .containsEntry("password", "s3cret")
          .containsEntry("port", "5432")
          .containsEntry("list", "[{\"n\":1},{\"n\":2}]");
      assumeThat(traits()).doesNotContain(Trait.FLAT, Trait.OPAQUE);
      assertThat(texts(store.readAll(new RemoteReference("db", "nested"))))
          .isEqualTo(Map.of("a.b", "dotted", "c", "deep"));
    }
  }

  @Test
  void whatIsNotThereIsMissing() throws InterruptedException {
    have("db", DATABASE);
    try (OpenStore store = open()) {
      assertThatThrownBy(() -> store.read(at("nowhere")))
          .isInstanceOf(MissingSecretException.class);
      assertThatThrownBy(() -> store.readAll(at("nowhere")))
          .isInstanceOf(MissingSecretException.class);
      if (!traits().contains(Trait.OPAQUE)) {
        assertFails(() -> store.read(new RemoteReference("db", "nothing")));
      }
      assertThat(store.has(at("nowhere"))).isFalse();
    }
  }

  @Test
  void whatWasChangedIsReadAsItIsNow() throws InterruptedException {
    have("db", DATABASE);
    have("db", "{\"password\":\"newer\"}");
    try (OpenStore store = open()) {
      assertThat(text(store.readAll(at("db")).getOrDefault("password", new byte[0])))
          .isEqualTo("newer");
    }
  }

  @Test
  void anOldVersionIsReadAsItWas() throws InterruptedException {
    assumeThat(traits()).contains(Trait.VERSIONS);
    String old = have("db", DATABASE);
    have("db", "{\"password\":\"newer\"}");
    try (OpenStore store = open()) {
      assertThat(text(store.read(new RemoteReference("db", "password", old, false))))
          .isEqualTo("s3cret");
    }
  }

  @Test
  void secretsAreFoundByTheirNames() throws InterruptedException {
    assumeThat(traits()).contains(Trait.FINDS);
    have("db-one", "{\"a\":\"1\"}");
    have("db-two", "{\"a\":\"2\"}");
    have("web", "{\"a\":\"3\"}");
    try (OpenStore store = open()) {
      Search search = new Search("", Pattern.compile("^db-"), Map.of());
      assertThat(texts(store.find(search)))
          .isEqualTo(Map.of("db-one", "{\"a\":\"1\"}", "db-two", "{\"a\":\"2\"}"));
      assertThat(store.find(new Search("", Pattern.compile("^none"), Map.of()))).isEmpty();
    }
  }

  @Test
  void secretsAreFoundBelowAPath() throws InterruptedException {
    assumeThat(traits()).contains(Trait.PATHS, Trait.FINDS);
    have("team/db", "{\"a\":\"1\"}");
    have("team/deep/web", "{\"a\":\"2\"}");
    have("other/db", "{\"a\":\"3\"}");
    try (OpenStore store = open()) {
      assertThat(store.find(new Search("team", Pattern.compile("."), Map.of())).keySet())
          .containsExactlyInAnyOrder("team/db", "team/deep/web");
      assertThat(store.find(new Search("team", Pattern.compile("web$"), Map.of())).keySet())
          .containsExactly("team/deep/web");
    }
  }

  @Test
  void aStoreThatWorksIsValid() throws InterruptedException {
    try (OpenStore store = open()) {
      assertThat(store.validate()).isEqualTo(OpenStore.Validity.READY);
      store.close(); // a second time does no harm
    }
  }

  private static Pushed pushed(RemoteReference place, Map<String, byte[]> values, String key) {
    return new Pushed(place, values, key, Struct.EMPTY);
  }

  @Test
  void aPushedSecretIsThereUntilItIsDeleted() throws InterruptedException {
    assumeThat(traits()).contains(Trait.WRITES);
    try (OpenStore store = open()) {
      store.push(pushed(at("new"), Map.of("a", bytes("1"), "b", bytes("2")), ""));
      assertThat(store.has(at("new"))).isTrue();
      assertThat(texts(store.readAll(at("new")))).containsAllEntriesOf(Map.of("a", "1", "b", "2"));

      store.push(pushed(at("new"), Map.of("a", bytes("3")), ""));
      assertThat(texts(store.readAll(at("new")))).containsEntry("a", "3").doesNotContainKey("b");

      store.delete(at("new"));
      assertThat(store.has(at("new"))).isFalse();
      store.delete(at("new")); // a second time does no harm
    }
  }

  @Test
  void aPushedPropertyLeavesTheOthers() throws InterruptedException {
    assumeThat(traits()).contains(Trait.WRITES_PROPERTIES);
    try (OpenStore store = open()) {
      RemoteReference one = new RemoteReference("new", "one");
      RemoteReference two = new RemoteReference("new", "two");
      store.push(pushed(one, Map.of("k", bytes("1")), "k"));
      store.push(pushed(two, Map.of("k", bytes("2")), "k"));
      assertThat(texts(store.readAll(at("new"))))
          .containsAllEntriesOf(Map.of("one", "1", "two", "2"));
      assertThat(store.has(two)).isTrue();

      store.delete(two);
      assertThat(store.has(two)).isFalse();
      assertThat(texts(store.readAll(at("new"))))
          .containsEntry("one", "1")
          .doesNotContainKey("two");
    }
  }

  @Test
  void whatOthersHaveMadeIsLeftAlone() throws InterruptedException {
    assumeThat(traits()).contains(Trait.GUARDS);
    have("db", DATABASE);
    try (OpenStore store = open()) {
      assertFails(() -> store.push(pushed(at("db"), Map.of("a", bytes("pushed-value")), "")));
      try {
        store.delete(at("db"));
      } catch (StoreException e) {
        assertThat(e.message()).isNotEmpty(); // it may say so
      }
      assertThat(Json.parse(store.read(at("db")))).isEqualTo(Json.struct(DATABASE));
    }
  }

  /// That it fails as it should, with a short message without any secret.
  private AbstractThrowableAssert<?, ? extends Throwable> assertFails(ThrowingCallable what) {
    return assertThatThrownBy(what)
        .isInstanceOfSatisfying(
            StoreException.class,
            e -> {
              assertThat(e.message()).isNotEmpty().hasSizeLessThan(4000);
              assertThat(e.message()).doesNotContain("s3cret", "pushed-value");
              credentials().forEach(each -> assertThat(e.message()).doesNotContain(each));
            });
  }

  @ParameterizedTest
  @EnumSource(Manner.class)
  void aHostileServerIsAFailureAndNoMore(Manner manner) throws IOException {
    assumeThat(traits()).contains(Trait.REMOTE);
    patience = Duration.ofMillis(200); // nothing that is waited for comes
    try (HostileServer server = new HostileServer(manner)) {
      Struct settings = settings(server.uri());
      assertIsAway(() -> use(settings, store -> store.read(at("db"))));
      assertIsAway(() -> use(settings, store -> store.validate()));
      if (traits().contains(Trait.FINDS)) {
        Search all = new Search("", Pattern.compile("."), Map.of());
        assertIsAway(() -> use(settings, store -> store.find(all)));
      }
    }
  }

  /// That it fails, and not as if a secret had been deleted, which could then be deleted here.
  private void assertIsAway(ThrowingCallable what) {
    assertFails(what).isNotInstanceOf(MissingSecretException.class);
  }

  private interface Asking {
    Object ask(OpenStore store) throws InterruptedException;
  }

  private void use(Struct settings, Asking asking) throws InterruptedException {
    try (OpenStore store = open(settings)) {
      Object _ = asking.ask(store);
    }
  }
}
