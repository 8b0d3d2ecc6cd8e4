package dev.tiphys.apiserver;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tiphys.object.Struct;
import dev.tiphys.store.embedded.EmbeddedStore;
import dev.tiphys.store.embedded.Seed;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// What was can be read over HTTP: objects and lists as they were, who changed an object, and the
/// whole store.
class PastTest {

  private static final String MAPS = "/api/v1/namespaces/default/configmaps";

  @TempDir private Path directory;

  private final RunningServer server;
  private final Wire wire;

  PastTest() throws IOException {
    server = new RunningServer();
    wire = new Wire(server);
  }

  @AfterEach
  void close() {
    server.close();
  }

  private Struct create(String name) throws Exception {
    return wire.post(MAPS, "{'metadata':{'name':'%s'},'data':{'a':'1'}}".formatted(name)).json();
  }

  private static String version(Struct object) {
    return object.string("metadata", "resourceVersion");
  }

  @Test
  void anObjectIsReadAsItWasAtARevision() throws Exception {
    Struct first = create("m");
    wire.patch("merge-patch", MAPS + "/m", "{'data':{'a':'2'}}");

    assertThat(wire.get(MAPS + "/m?at=" + version(first)).json()).isEqualTo(first);
    assertThat(wire.get(MAPS + "/m").json().string("data", "a")).isEqualTo("2");
    wire.delete(MAPS + "/m", "");
    assertThat(wire.get(MAPS + "/m").code()).isEqualTo(404);
    assertThat(wire.get(MAPS + "/m?at=" + version(first)).json()).isEqualTo(first);
  }

  @Test
  void aListIsReadAsItWasAtATime() throws Exception {
    create("m");
    Instant then = Instant.now();
    while (Instant.now().toEpochMilli() - then.toEpochMilli() < 150) { // times are known to 0.1 s
      Thread.onSpinWait();
    }
    create("n");

    assertThat(names(wire.get(MAPS + "?at=" + then).json())).containsExactly("m");
    assertThat(names(wire.get(MAPS + "?at=-0s").json())).containsExactly("m", "n");
  }

  private static List<String> names(Struct list) {
    return list.structs("items").stream()
        .map(item -> item.string("metadata", "name"))
        .filter(name -> name.length() == 1)
        .toList();
  }

  @Test
  void whatIsForgottenIsGone() throws Exception {
    create("m");

    Wire.Answer answer = wire.get(MAPS + "?at=-1h");

    assertThat(answer.code()).isEqualTo(410);
    assertThat(answer.reason()).isEqualTo("Expired");
    assertThat(answer.message()).startsWith("The past is forgotten by now: ");
  }

  @ParameterizedTest
  @ValueSource(strings = {"yesterday", "-", "-5", "--5m", "2026-13-01T00:00:00Z", ""})
  void whatIsNoMomentIsRefused(String at) throws Exception {
    Wire.Answer answer = wire.get(MAPS + "?at=" + at);

    assertThat(answer.code()).isEqualTo(400);
    assertThat(answer.message()).startsWith("invalid at: \"" + at + "\"");
  }

  @ParameterizedTest
  @ValueSource(strings = {"?watch=1&at=-5m", "?watch=1&at=1"})
  void thePastIsNotWatched(String query) throws Exception {
    Wire.Answer answer = wire.get(MAPS + query);

    assertThat(answer.code()).isEqualTo(400);
    assertThat(answer.message())
        .isEqualTo(
            "at: what was at some time can be read, not watched; a watch begins after a"
                + " resourceVersion");
  }

  @Test
  void anObjectsHistoryTellsWhoChangedWhat() throws Exception {
    create("m");
    wire.send(
        "PATCH",
        MAPS + "/m",
        "{\"data\":{\"a\":\"2\",\"b\":\"x\"}}",
        "Content-Type",
        "application/merge-patch+json",
        "User-Agent",
        "editor/1.0");
    wire.delete(MAPS + "/m", "");

    for (String kind : List.of("configmaps", "configmap", "cm", "ConfigMap")) {
      List<Struct> writes = wire.get("/history/" + kind + "/default/m").json().structs("writes");
      assertThat(writes)
          .extracting(write -> write.string("verb"))
          .containsExactly("create", "update", "delete");
      Struct update = writes.get(1);
      assertThat(update.string("by")).isEqualTo("editor");
      assertThat(update.structs("changes"))
          .extracting(Struct::toString)
          .containsExactly(
              "{\"from\":\"1\",\"path\":\"data.a\",\"to\":\"2\"}",
              "{\"path\":\"data.b\",\"to\":\"x\"}");
    }
    assertThat(wire.get("/history/nothings/default/m").code()).isEqualTo(404);
  }

  @Test
  void theWholeStoreIsGivenOutAsItWas() throws Exception {
    Struct first = create("m");
    create("n");

    byte[] seed = wire.get("/fork/" + version(first)).response().body();

    Path planted = directory.resolve("planted");
    Seed.plant(new ByteArrayInputStream(seed), planted);
    try (EmbeddedStore store = EmbeddedStore.open(planted, RunningServer.WORLD)) {
      assertThat(store.revision()).isEqualTo(Long.parseLong(version(first)));
      assertThat(store.get("/registry/configmaps/default/m")).isNotNull();
      assertThat(store.get("/registry/configmaps/default/n")).isNull();
    }
    assertThat(wire.get("/fork").code()).isEqualTo(200);
    assertThat(wire.get("/fork/-1h").code()).isEqualTo(410);
  }
}
