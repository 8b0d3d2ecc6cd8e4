package dev.tiphys.apiserver;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tiphys.object.Struct;
import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Which state of objects a request is shown, as resourceVersion and its relatives ask for it.
class StatesTest {

  private static final String CONFIG_MAPS = "/api/v1/namespaces/default/configmaps";

  private final RunningServer server;
  private final Wire wire;

  StatesTest() throws IOException {
    server = new RunningServer();
    wire = new Wire(server);
  }

  @AfterEach
  void close() {
    server.close();
  }

  private String create(String name) throws Exception {
    return wire.post(CONFIG_MAPS, "{'metadata':{'name':'" + name + "'}}")
        .json()
        .string("metadata", "resourceVersion");
  }

  private static List<String> names(Wire.Answer list) {
    return list.json().structs("items").stream().map(o -> o.string("metadata", "name")).toList();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      textBlock =
          """
          ?resourceVersion=                   ; 400 ; invalid resource version:
          ?limit=1&resourceVersion=           ; 400 ; invalid resource version:
          /a?resourceVersion=                 ; 500 ;
          ?watch=1&resourceVersion=           ; 500 ;
          """)
  void aVersionThatIsNoneIsRefused(String request, int code, String prefix) throws Exception {
    for (String version : List.of("x", "-1", "1.5")) {
      assertThat(refusal(request + version, code))
          .isEqualTo((prefix == null ? "" : prefix + " ") + cause(version, "invalid syntax"));
    }
    String tooLarge = "99999999999999999999";
    assertThat(refusal(request + tooLarge, code))
        .isEqualTo((prefix == null ? "" : prefix + " ") + cause(tooLarge, "value out of range"));
  }

  private String refusal(String request, int code) throws Exception {
    Wire.Answer answer = wire.get(CONFIG_MAPS + request);
    assertThat(answer.code()).isEqualTo(code);
    assertThat(answer.reason()).isEqualTo(code == 400 ? "BadRequest" : "");
    return answer.message();
  }

  private static String cause(String version, String problem) {
    return "resourceVersion: Invalid value: \"%1$s\": strconv.ParseUint: parsing \"%1$s\": %2$s"
        .formatted(version, problem);
  }

  /// All at once, since most of them wait for three seconds.
  @Test
  void aVersionOfTheFutureIsWaitedForInVain() throws Exception {
    create("a");
    Map<String, Integer> retries =
        Map.of(
            "?", 1,
            "/a?", 1,
            "?resourceVersionMatch=NotOlderThan&", 1,
            "?resourceVersionMatch=Exact&", 0, // which no cache waits for
            "?limit=1&", 0);
    Map<String, Future<Wire.Answer>> answers = new HashMap<>();
    try (ExecutorService asking = Executors.newVirtualThreadPerTaskExecutor()) {
      for (String request : retries.keySet()) {
        answers.put(
            request,
            asking.submit(() -> wire.get(CONFIG_MAPS + request + "resourceVersion=99999")));
      }
    }

    for (Map.Entry<String, Integer> retry : retries.entrySet()) {
      Wire.Answer answer = answers.get(retry.getKey()).get();
      assertThat(answer.code()).as(retry.getKey()).isEqualTo(504);
      assertThat(answer.message())
          .matches("Timeout: Too large resource version: 99999, current: [0-9]+");
      assertThat(answer.json().integer("details", "retryAfterSeconds"))
          .as(retry.getKey())
          .isEqualTo(retry.getValue().longValue());
      assertThat(answer.json().structs("details", "causes").getFirst().string("reason"))
          .isEqualTo("ResourceVersionTooLarge");
    }
  }

  @Test
  void aListOfWhateverIsKnownComesAsAWhole() throws Exception {
    create("a");
    create("b");
    Struct list = wire.get(CONFIG_MAPS + "?resourceVersion=0&limit=1").json();

    assertThat(list.structs("items")).hasSize(2);
    assertThat(list.string("metadata", "continue")).isEmpty();
  }

  @Test
  void aListShowsTheStateThatWasAskedFor() throws Exception {
    String early = create("a");
    create("b");

    assertThat(
            names(wire.get(CONFIG_MAPS + "?resourceVersionMatch=Exact&resourceVersion=" + early)))
        .containsExactly("a");
    assertThat(
            names(
                wire.get(
                    CONFIG_MAPS + "?resourceVersionMatch=NotOlderThan&resourceVersion=" + early)))
        .containsExactly("a", "b");
    assertThat(names(wire.get(CONFIG_MAPS + "?limit=1&resourceVersion=" + early)))
        .containsExactly("a");
    assertThat(names(wire.get(CONFIG_MAPS + "?resourceVersion=0"))).containsExactly("a", "b");
  }

  @Test
  void whatIsForgottenCannotBeListedOrWatched() throws Exception {
    String early = create("a");
    String token = wire.get("/api/v1/namespaces?limit=1").json().string("metadata", "continue");
    create("b");
    create("c");
    server.forgetThePast();

    Wire.Answer list =
        wire.get(CONFIG_MAPS + "?resourceVersionMatch=Exact&resourceVersion=" + early);
    assertThat(list.code()).isEqualTo(410);
    assertThat(list.reason()).isEqualTo("Expired");
    assertThat(list.message()).isEqualTo("The resourceVersion for the provided list is too old.");
    Wire.Answer watch = wire.get(CONFIG_MAPS + "?watch=1&resourceVersion=" + early);
    assertThat(watch.code()).isEqualTo(200);
    assertThat(watch.json().string("type")).isEqualTo("ERROR");
    assertThat(watch.json().integer("object", "code")).isEqualTo(410);
    assertThat(watch.json().string("object", "message"))
        .startsWith("too old resource version: " + early + " (");

    Wire.Answer next = wire.get("/api/v1/namespaces?limit=1&continue=" + token);
    assertThat(next.code()).isEqualTo(410);
    assertThat(next.message())
        .startsWith("The provided continue parameter is too old to display a consistent list");
    String onward = next.json().string("metadata", "continue");
    assertThat(names(wire.get("/api/v1/namespaces?limit=10&continue=" + onward)))
        .containsExactly("kube-node-lease", "kube-public", "kube-system", "tiphys-network");
  }

  @Test
  void anObjectThatCannotBeReadHidesNoOther() throws Exception {
    create("a");
    create("bad");
    create("c");
    try (Wire.Frames frames = wire.watch(CONFIG_MAPS + "?watch=1")) {
      for (int i = 0; i < 3; i++) {
        assertThat(frames.next().string("type")).isEqualTo("ADDED");
      }
      server.damage("/registry/configmaps/default/bad");
      create("d");

      Struct gone = frames.next();
      assertThat(gone.string("type")).isEqualTo("DELETED");
      assertThat(gone.string("object", "metadata", "name")).isEqualTo("bad");
      assertThat(frames.next().string("object", "metadata", "name")).isEqualTo("d");
    }
    assertThat(names(wire.get(CONFIG_MAPS))).containsExactly("a", "c", "d");
    Wire.Answer read = wire.get(CONFIG_MAPS + "/bad");
    assertThat(read.code()).isEqualTo(500);
    assertThat(read.message())
        .startsWith("Internal error occurred: unable to decode /registry/configmaps/default/bad");
    assertThat(wire.delete(CONFIG_MAPS + "/bad", "").code()).isEqualTo(200);
    assertThat(wire.get(CONFIG_MAPS + "/bad").code()).isEqualTo(404);
  }

  @Test
  void pagesTellHowManyAreLeftUnlessObjectsAreSelected() throws Exception {
    for (int i = 0; i < 3; i++) {
      create("c" + i);
    }

    Struct page = wire.get(CONFIG_MAPS + "?limit=1").json();
    assertThat(page.integer("metadata", "remainingItemCount")).isEqualTo(2);
    Struct selected =
        wire.get(CONFIG_MAPS + "?limit=1&fieldSelector=metadata.namespace%3Ddefault").json();
    assertThat(selected.string("metadata", "continue")).isNotEmpty();
    assertThat(selected.has("metadata", "remainingItemCount")).isFalse();
  }

  @Test
  void aContinueTokenThatIsNoneIsRefused() throws Exception {
    assertThat(wire.get(CONFIG_MAPS + "?continue=abc").message())
        .startsWith("invalid continue token: continue key is not valid: ");
    assertThat(wire.get(CONFIG_MAPS + "?resourceVersion=1&continue=abc").message())
        .startsWith("invalid continue token: continue key is not valid: ");
    create("a");
    create("b");
    String token = wire.get(CONFIG_MAPS + "?limit=1").json().string("metadata", "continue");
    assertThat(wire.get(CONFIG_MAPS + "?resourceVersion=1&continue=" + token).message())
        .isEqualTo("specifying resource version is not allowed when using continue");
    assertThat(names(wire.get(CONFIG_MAPS + "?resourceVersion=0&continue=" + token)))
        .containsExactly("b");
  }

  @Test
  void aWatchThatBeginsWithWhatExistsIsMarkedIfBookmarksAreWanted() throws Exception {
    create("a");
    String initial =
        CONFIG_MAPS
            + "?watch=1&sendInitialEvents=true&resourceVersionMatch=NotOlderThan&timeoutSeconds=";

    try (Wire.Frames frames = wire.watch(initial + "60&allowWatchBookmarks=true")) {
      assertThat(frames.next().string("type")).isEqualTo("ADDED");
      Struct mark = frames.next();
      assertThat(mark.string("type")).isEqualTo("BOOKMARK");
      assertThat(mark.string("object", "metadata", "annotations", "k8s.io/initial-events-end"))
          .isEqualTo("true");
      assertThat(mark.string("object", "kind")).isEqualTo("ConfigMap");
    }
    try (Wire.Frames frames = wire.watch(initial + "1")) {
      assertThat(frames.next().string("type")).isEqualTo("ADDED");
      assertThat(frames.next()).isEqualTo(Struct.EMPTY);
    }
  }

  @Test
  void aWatchIsMarkedShortlyBeforeItsEnd() throws Exception {
    String now = create("a");
    try (Wire.Frames frames =
        wire.watch(
            CONFIG_MAPS
                + "?watch=1&allowWatchBookmarks=true&timeoutSeconds=3&resourceVersion="
                + now)) {
      Struct mark = frames.next();
      assertThat(mark.string("type")).isEqualTo("BOOKMARK");
      assertThat(Long.parseLong(mark.string("object", "metadata", "resourceVersion")))
          .isGreaterThanOrEqualTo(Long.parseLong(now));
      assertThat(frames.next()).isEqualTo(Struct.EMPTY);
    }
  }

  @Test
  void tablesNameTheirColumnsOnceAWatch() throws Exception {
    create("a");
    create("b");
    try (Wire.Frames frames =
        wire.watch(
            CONFIG_MAPS + "?watch=1&timeoutSeconds=60",
            "Accept",
            "application/json;as=Table;g=meta.k8s.io;v=v1")) {
      assertThat(frames.next().structs("object", "columnDefinitions")).hasSize(3);
      Struct second = frames.next();
      assertThat(second.has("object", "columnDefinitions")).isFalse();
      assertThat(second.structs("object", "rows").getFirst().struct("object").string("kind"))
          .isEqualTo("PartialObjectMetadata");
    }
  }

  @Test
  void aSelectorNamesFieldsThatCanBeSelectedBy() throws Exception {
    assertThat(wire.get("/api/v1/pods?fieldSelector=spec.x%3D1").message())
        .isEqualTo("field label not supported: spec.x");
    assertThat(wire.get("/apis/apps/v1/deployments?fieldSelector=spec.x%3D1").message())
        .isEqualTo(
            "\"spec.x\" is not a known field selector: only \"metadata.name\","
                + " \"metadata.namespace\"");
  }
}
