package dev.tiphys.apiserver;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tiphys.object.Struct;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// Which state of objects a request is shown, as resourceVersion and its relatives ask for it.
@Timeout(30)
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

  @Test
  void aVersionThatIsNoneIsRefused() throws Exception {
    String cause =
        "resourceVersion: Invalid value: \"x\": strconv.ParseUint: parsing \"x\": invalid syntax";

    assertThat(wire.get(CONFIG_MAPS + "?resourceVersion=x").message())
        .isEqualTo("invalid resource version: " + cause);
    assertThat(wire.get(CONFIG_MAPS + "/a?resourceVersion=x").code()).isEqualTo(400);
    Wire.Answer watch = wire.get(CONFIG_MAPS + "?watch=1&resourceVersion=x");
    assertThat(watch.code()).isEqualTo(422);
    assertThat(watch.message()).isEqualTo("configmaps \"\" is invalid: " + cause);
  }

  @Test
  void aVersionOfTheFutureIsWaitedForInVain() throws Exception {
    create("a");
    for (String path : List.of(CONFIG_MAPS, CONFIG_MAPS + "/a")) {
      Wire.Answer answer = wire.get(path + "?resourceVersion=99999");

      assertThat(answer.code()).isEqualTo(504);
      assertThat(answer.message())
          .startsWith("Timeout: Too large resource version: 99999, current: ");
      assertThat(answer.header("retry-after")).isEqualTo("1");
      assertThat(answer.json().structs("details", "causes").getFirst().string("reason"))
          .isEqualTo("ResourceVersionTooLarge");
    }
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
        .containsExactly("kube-node-lease", "kube-public", "kube-system");
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
        .isEqualTo("specifying resource version is not allowed when using continue");
  }

  @Test
  void aWatchThatBeginsWithWhatExistsIsMarkedIfBookmarksAreWanted() throws Exception {
    create("a");
    String initial =
        CONFIG_MAPS
            + "?watch=1&sendInitialEvents=true&resourceVersionMatch=NotOlderThan&timeoutSeconds=1";

    try (Wire.Frames frames = wire.watch(initial + "&allowWatchBookmarks=true")) {
      assertThat(frames.next().string("type")).isEqualTo("ADDED");
      Struct mark = frames.next();
      assertThat(mark.string("type")).isEqualTo("BOOKMARK");
      assertThat(mark.string("object", "metadata", "annotations", "k8s.io/initial-events-end"))
          .isEqualTo("true");
      assertThat(mark.string("object", "kind")).isEqualTo("ConfigMap");
    }
    try (Wire.Frames frames = wire.watch(initial)) {
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
            CONFIG_MAPS + "?watch=1&timeoutSeconds=1",
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
