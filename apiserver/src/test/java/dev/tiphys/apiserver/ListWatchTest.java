package dev.tiphys.apiserver;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tiphys.object.Struct;
import dev.tiphys.object.encoding.Json;
import dev.tiphys.object.encoding.ProtoReader;
import dev.tiphys.schema.ProtobufCodec;
import dev.tiphys.schema.TypeTable;
import java.io.ByteArrayInputStream;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// What lists and watches show, for every combination of what can be asked of them. See
/// <https://kubernetes.io/docs/reference/using-api/api-concepts/#resource-versions>.
class ListWatchTest {

  private static final String CONFIG_MAPS = "/api/v1/namespaces/default/configmaps";
  private static final String TABLE = "application/json;as=Table;g=meta.k8s.io;v=v1";
  private static final String METADATA =
      "application/json;as=PartialObjectMetadataList;g=meta.k8s.io;v=v1";
  private static final String ONE_METADATA =
      "application/json;as=PartialObjectMetadata;g=meta.k8s.io;v=v1";

  private final RunningServer server;
  private final Wire wire;
  private String early = "";
  private String middle = "";
  private String last = "";

  ListWatchTest() throws Exception {
    server = new RunningServer();
    wire = new Wire(server);
  }

  /// `a` and `b` are there early, `c` comes in the middle, and at last `a` is changed.
  @BeforeEach
  void makeHistory() throws Exception {
    create("a", "'one'");
    early = create("b", "'two'");
    middle = create("c", "'one'");
    last = label("a", "two");
  }

  @AfterEach
  void close() {
    server.close();
  }

  private String create(String name, String label) throws Exception {
    return version(
        wire.post(
            CONFIG_MAPS, "{'metadata':{'name':'" + name + "','labels':{'is':" + label + "}}}"));
  }

  private String label(String name, String label) throws Exception {
    return version(
        wire.patch(
            "merge-patch",
            CONFIG_MAPS + "/" + name,
            "{'metadata':{'labels':{'is':'" + label + "'}}}"));
  }

  private static String version(Wire.Answer answer) {
    return answer.json().string("metadata", "resourceVersion");
  }

  /// As upstream's collector reads it: each item is a message whose field 1 is an ObjectMeta.
  @Test
  void metadataTravelsAsProtobufToo() throws Exception {
    byte[] answer =
        wire.get(CONFIG_MAPS, "Accept", METADATA.replace("json", "vnd.kubernetes.protobuf"))
            .response()
            .body();
    ProtobufCodec.Envelope envelope = ProtobufCodec.open(answer);
    assertThat(envelope.kind()).isEqualTo("PartialObjectMetadataList");
    Map<String, String> labels = new LinkedHashMap<>();
    ProtoReader list = new ProtoReader(envelope.message());
    for (int field = list.next(); field != 0; field = list.next()) {
      if (field == 1) {
        assertThat(meta(list.bytes(), "ListMeta").string("resourceVersion")).isEqualTo(last);
      } else {
        ProtoReader item = list.message();
        assertThat(item.next()).isEqualTo(1);
        Struct metadata = meta(item.bytes(), "ObjectMeta");
        labels.put(metadata.string("name"), metadata.string("labels", "is"));
        assertThat(item.next()).isZero();
      }
    }
    assertThat(labels)
        .containsEntry("a", "two")
        .containsEntry("b", "two")
        .containsEntry("c", "one");
  }

  private static Struct meta(byte[] message, String type) {
    return ProtobufCodec.decodeMessage(
        message, TypeTable.BUILT_IN.type("io.k8s.apimachinery.pkg.apis.meta.v1." + type));
  }

  private String filled(String text) {
    return text.replace("EARLY", early).replace("MIDDLE", middle).replace("LAST", last);
  }

  private static String shown(Struct object) {
    return object.string("metadata", "name") + "=" + object.string("metadata", "labels", "is");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      textBlock =
          """
          # without a version: the newest state
          ''                                                      ; a=two b=two c=one ; -
          ?limit=2                                                ; a=two b=two       ; 1
          ?limit=0                                                ; a=two b=two c=one ; -
          # version 0: any state, as a whole
          ?resourceVersion=0                                      ; a=two b=two c=one ; -
          ?resourceVersion=0&limit=2                              ; a=two b=two c=one ; -
          ?resourceVersion=0&resourceVersionMatch=NotOlderThan    ; a=two b=two c=one ; -
          ?resourceVersion=0&limit=2&resourceVersionMatch=NotOlderThan ; a=two b=two c=one ; -
          # a version: not older than it, but exactly if pages are asked for
          ?resourceVersion=EARLY                                  ; a=two b=two c=one ; -
          ?resourceVersion=LAST                                   ; a=two b=two c=one ; -
          ?resourceVersion=EARLY&limit=5                          ; a=one b=two       ; -
          ?resourceVersion=EARLY&limit=1                          ; a=one             ; 1
          ?resourceVersion=EARLY&resourceVersionMatch=NotOlderThan ; a=two b=two c=one ; -
          ?resourceVersion=EARLY&limit=2&resourceVersionMatch=NotOlderThan ; a=two b=two ; 1
          ?resourceVersion=EARLY&resourceVersionMatch=Exact       ; a=one b=two       ; -
          ?resourceVersion=MIDDLE&resourceVersionMatch=Exact      ; a=one b=two c=one ; -
          ?resourceVersion=MIDDLE&limit=1&resourceVersionMatch=Exact ; a=one          ; 2
          # selections tell no remainder
          ?labelSelector=is%3Done                                 ; c=one             ; -
          ?labelSelector=is%3Done&resourceVersion=MIDDLE&resourceVersionMatch=Exact ; a=one c=one ; -
          ?labelSelector=is%20in%20(one,two)&limit=1              ; a=two             ; ?
          ?labelSelector=is%20notin%20(one)                       ; a=two b=two       ; -
          ?labelSelector=!is                                      ; ''                ; -
          ?labelSelector=is                                       ; a=two b=two c=one ; -
          ?fieldSelector=metadata.name%3Db                        ; b=two             ; -
          ?fieldSelector=metadata.name!%3Db                       ; a=two c=one       ; -
          ?fieldSelector=metadata.name%3Db,metadata.namespace%3Ddefault ; b=two       ; -
          ?fieldSelector=metadata.name%3Db,metadata.name%3Da      ; ''                ; -
          ?fieldSelector=metadata.namespace!%3Ddefault            ; ''                ; -
          ?fieldSelector=metadata.name%3Da&labelSelector=is%3Done ; ''                ; -
          """)
  void aListShowsTheStateThatIsAskedFor(String query, String items, String remaining)
      throws Exception {
    Wire.Answer answer =
        wire.get(CONFIG_MAPS + filled(query) + (query.isEmpty() ? "?" : "&") + "x=y");

    assertThat(answer.code()).isEqualTo(200);
    Struct list = answer.json();
    assertThat(String.join(" ", list.structs("items").stream().map(ListWatchTest::shown).toList()))
        .isEqualTo(items);
    assertThat(list.has("metadata", "continue")).isEqualTo(!remaining.equals("-"));
    boolean told = !remaining.equals("-") && !remaining.equals("?");
    assertThat(list.integer("metadata", "remainingItemCount"))
        .isEqualTo(told ? Long.parseLong(remaining) : 0);
    if (query.contains("=Exact") || query.contains("EARLY&limit=1")) {
      assertThat(version(answer)).isEqualTo(filled(query.contains("MIDDLE") ? "MIDDLE" : "EARLY"));
    } else if (!query.contains("EARLY&limit=5")) {
      assertThat(Long.parseLong(version(answer))).isGreaterThanOrEqualTo(Long.parseLong(last));
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      textBlock =
          """
          ?resourceVersionMatch=Exact                        ; resourceVersionMatch: Forbidden: resourceVersionMatch is forbidden unless resourceVersion is provided
          ?resourceVersionMatch=NotOlderThan                 ; resourceVersionMatch: Forbidden: resourceVersionMatch is forbidden unless resourceVersion is provided
          ?resourceVersion=0&resourceVersionMatch=Exact      ; resourceVersionMatch: Forbidden: resourceVersionMatch "exact" is forbidden for resourceVersion "0"
          ?resourceVersion=1&resourceVersionMatch=Older      ; resourceVersionMatch: Unsupported value: "Older": supported values: "Exact", "NotOlderThan", ""
          ?continue=x&resourceVersionMatch=Exact&resourceVersion=1 ; resourceVersionMatch: Forbidden: resourceVersionMatch is forbidden when continue is provided
          ?sendInitialEvents=true                            ; sendInitialEvents: Forbidden: sendInitialEvents is forbidden for list
          ?watch=1&resourceVersionMatch=NotOlderThan         ; resourceVersionMatch: Forbidden: resourceVersionMatch is forbidden for watch unless sendInitialEvents is provided
          ?watch=1&sendInitialEvents=true                    ; resourceVersionMatch: Forbidden: sendInitialEvents requires setting resourceVersionMatch to NotOlderThan
          ?watch=1&sendInitialEvents=false                   ; resourceVersionMatch: Forbidden: sendInitialEvents requires setting resourceVersionMatch to NotOlderThan
          ?watch=1&sendInitialEvents=true&resourceVersionMatch=Exact&resourceVersion=1 ; resourceVersionMatch: Unsupported value: "Exact": supported values: "NotOlderThan"
          """)
  void whatDoesNotGoTogetherIsInvalid(String query, String why) throws Exception {
    Wire.Answer answer = wire.get(CONFIG_MAPS + query);

    assertThat(answer.message())
        .startsWith("ListOptions.meta.k8s.io \"\" is invalid: ")
        .contains(why);
    assertThat(answer.code()).isEqualTo(422);
  }

  @Test
  void pagesShowOneStateWhateverHappensBetween() throws Exception {
    Struct first = wire.get(CONFIG_MAPS + "?limit=1").json();
    create("d", "'new'");
    wire.delete(CONFIG_MAPS + "/b", "");
    List<String> all =
        new ArrayList<>(first.structs("items").stream().map(ListWatchTest::shown).toList());
    String token = first.string("metadata", "continue");
    while (!token.isEmpty()) {
      Struct next = wire.get(CONFIG_MAPS + "?limit=1&continue=" + token).json();
      assertThat(next.string("metadata", "resourceVersion"))
          .isEqualTo(first.string("metadata", "resourceVersion"));
      all.addAll(next.structs("items").stream().map(ListWatchTest::shown).toList());
      token = next.string("metadata", "continue");
    }

    assertThat(all).containsExactly("a=two", "b=two", "c=one");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      textBlock =
          """
          # what exists first, unless a version is named
          ?watch=1                                      ; ADDED a=two, ADDED b=two, ADDED c=one
          ?watch=1&resourceVersion=0                    ; ADDED a=two, ADDED b=two, ADDED c=one
          ?watch=1&resourceVersion=EARLY                ; ADDED c=one, MODIFIED a=two
          ?watch=1&resourceVersion=MIDDLE               ; MODIFIED a=two
          ?watch=true&resourceVersion=LAST              ; ''
          # what exists and then a mark, or only what comes
          ?watch=1&sendInitialEvents=true&resourceVersionMatch=NotOlderThan ; ADDED a=two, ADDED b=two, ADDED c=one
          ?watch=1&sendInitialEvents=true&resourceVersionMatch=NotOlderThan&allowWatchBookmarks=true ; ADDED a=two, ADDED b=two, ADDED c=one, BOOKMARK =
          ?watch=1&sendInitialEvents=true&resourceVersionMatch=NotOlderThan&allowWatchBookmarks=true&resourceVersion=0 ; ADDED a=two, ADDED b=two, ADDED c=one, BOOKMARK =
          ?watch=1&sendInitialEvents=true&resourceVersionMatch=NotOlderThan&allowWatchBookmarks=true&resourceVersion=EARLY ; ADDED a=two, ADDED b=two, ADDED c=one, BOOKMARK =
          ?watch=1&sendInitialEvents=false&resourceVersionMatch=NotOlderThan ; ''
          ?watch=1&sendInitialEvents=false&resourceVersionMatch=NotOlderThan&resourceVersion=0 ; ''
          ?watch=1&sendInitialEvents=false&resourceVersionMatch=NotOlderThan&resourceVersion=MIDDLE ; MODIFIED a=two
          # selections: what enters is added, what leaves is deleted
          ?watch=1&labelSelector=is%3Done               ; ADDED c=one
          ?watch=1&labelSelector=is%3Done&resourceVersion=EARLY ; ADDED c=one, DELETED a=one
          ?watch=1&labelSelector=is%3Dtwo&resourceVersion=EARLY ; ADDED a=two
          ?watch=1&labelSelector=is%3Dtwo&resourceVersion=0     ; ADDED a=two, ADDED b=two
          ?watch=1&fieldSelector=metadata.name%3Da      ; ADDED a=two
          ?watch=1&fieldSelector=metadata.name%3Da&resourceVersion=EARLY ; MODIFIED a=two
          ?watch=1&fieldSelector=metadata.name!%3Da&resourceVersion=EARLY ; ADDED c=one
          ?watch=1&limit=1                              ; ADDED a=two, ADDED b=two, ADDED c=one
          """)
  void aWatchBeginsWhereItIsAskedTo(String query, String told) throws Exception {
    assertThat(told(CONFIG_MAPS + filled(query))).startsWith(told);
  }

  /// What a watch tells, until something happens that it is sure to tell.
  private String told(String path, String... headers) throws Exception {
    List<String> told = new ArrayList<>();
    try (Wire.Frames frames = wire.watch(path + "&timeoutSeconds=20", headers)) {
      assertThat(frames.response().statusCode()).isEqualTo(200);
      create("z", "'one'");
      label("z", "two");
      for (Struct frame = frames.next(); !frame.isEmpty(); frame = frames.next()) {
        if (frame.string("object", "metadata", "name").equals("z") || isRowOf(frame, "z")) {
          return String.join(", ", told);
        }
        told.add(frame.string("type") + " " + shown(frame.struct("object")));
        if (path.contains("metadata.name%3Da") && told.size() == 1) {
          return told.getFirst();
        }
      }
    }
    throw new AssertionError("the watch missed what happened after its answer had begun: " + told);
  }

  @RepeatedTest(20)
  void whatHappensOnceAWatchIsAnsweredIsTold() throws Exception {
    assertThat(
            told(
                CONFIG_MAPS + "?watch=1&sendInitialEvents=false&resourceVersionMatch=NotOlderThan"))
        .isEmpty();
  }

  private static boolean isRowOf(Struct frame, String name) {
    return frame.structs("object", "rows").stream()
        .anyMatch(row -> row.string("object", "metadata", "name").equals(name));
  }

  @ParameterizedTest
  @CsvSource({
    "/api/v1/watch/configmaps,3",
    "/api/v1/watch/namespaces/default/configmaps,3",
    "/api/v1/watch/namespaces/default/configmaps/a,1",
    "/api/v1/watch/namespaces/default,1",
    "/api/v1/watch/namespaces,4",
    "/apis/apps/v1/watch/deployments,1",
    "/apis/apps/v1/watch/namespaces/default/deployments,1",
    "/apis/apps/v1/watch/namespaces/default/deployments/d,1",
    "/apis/scheduling.k8s.io/v1/watch/priorityclasses/system-node-critical,1",
  })
  void thePathsOfOldWatch(String path, int existing) throws Exception {
    wire.post(
        "/apis/apps/v1/namespaces/default/deployments",
        "{'metadata':{'name':'d'},'spec':{'selector':{'matchLabels':{'a':'b'}},'template':"
            + "{'metadata':{'labels':{'a':'b'}},'spec':{'containers':[{'name':'c','image':'i'}]}}}}");
    try (Wire.Frames frames = wire.watch(path + "?timeoutSeconds=20")) {
      for (int i = 0; i < existing; i++) {
        assertThat(frames.next().string("type")).isEqualTo("ADDED");
      }
    }
    String inJson = path.replace("/watch/", "/");
    assertThat(wire.get(inJson).code()).isEqualTo(200); // not a watch
    assertThat(wire.send("POST", path, "{}").code()).isEqualTo(405);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        CONFIG_MAPS,
        "/api/v1/namespaces",
        "/api/v1/nodes",
        "/apis/apps/v1/deployments",
        "/apis/batch/v1/jobs",
        "/apis/storage.k8s.io/v1/storageclasses",
        "/apis/flowcontrol.apiserver.k8s.io/v1/flowschemas",
        "/apis/apiregistration.k8s.io/v1/apiservices",
        "/apis/apiextensions.k8s.io/v1/customresourcedefinitions",
      })
  void everyKindHasEveryForm(String path) throws Exception {
    Struct table = wire.get(path, "Accept", TABLE).json();
    assertThat(table.string("kind")).isEqualTo("Table");
    assertThat(table.structs("columnDefinitions")).isNotEmpty();
    Struct metadata = wire.get(path, "Accept", METADATA).json();
    assertThat(metadata.string("kind")).isEqualTo("PartialObjectMetadataList");
    Struct list = wire.get(path).json();
    assertThat(metadata.structs("items")).hasSameSizeAs(list.structs("items"));
    assertThat(table.structs("rows")).hasSameSizeAs(list.structs("items"));
    for (Struct item : metadata.structs("items")) {
      assertThat(item.string("kind")).isEqualTo("PartialObjectMetadata");
      assertThat(item.without("kind").without("apiVersion").without("metadata"))
          .isEqualTo(Struct.EMPTY);
    }
    assertThat(wire.get(path, "Accept", "application/vnd.kubernetes.protobuf").text())
        .startsWith("k8s\0");
  }

  @Test
  void watchesHaveEveryFormToo() throws Exception {
    String path = CONFIG_MAPS + "?watch=1&resourceVersion=" + middle;
    try (Wire.Frames frames = wire.watch(path, "Accept", ONE_METADATA)) {
      Struct object = frames.next().struct("object");
      assertThat(object.string("kind")).isEqualTo("PartialObjectMetadata");
      assertThat(object.has("data")).isFalse();
    }
    try (Wire.Frames frames = wire.watch(path, "Accept", TABLE)) {
      Struct frame = frames.next();
      assertThat(frame.string("type")).isEqualTo("MODIFIED");
      assertThat(frame.string("object", "kind")).isEqualTo("Table");
      assertThat(frame.structs("object", "columnDefinitions")).isNotEmpty();
      wire.delete(CONFIG_MAPS + "/a", "");
      Struct gone = frames.next();
      assertThat(gone.string("type")).isEqualTo("DELETED");
      assertThat(gone.structs("object", "rows")).hasSize(1);
    }
    try (Wire.Frames frames = wire.watch(path + "&includeObject=Object", "Accept", TABLE)) {
      assertThat(frames.next().structs("object", "rows").getFirst().struct("object").string("kind"))
          .isEqualTo("ConfigMap");
    }
  }

  @Test
  void largeListsAreCompressedForClientsThatTakeThat() throws Exception {
    for (int i = 0; i < 3; i++) {
      wire.post(
          CONFIG_MAPS,
          "{'metadata':{'name':'large" + i + "'},'data':{'x':'" + "a".repeat(60_000) + "'}}");
    }
    for (String accept : List.of("application/json", METADATA + ",application/json")) {
      Wire.Answer plain = wire.get(CONFIG_MAPS, "Accept", accept);
      Wire.Answer packed = wire.get(CONFIG_MAPS, "Accept", accept, "Accept-Encoding", "gzip");
      boolean large = plain.response().body().length >= 128 << 10;
      assertThat(packed.header("content-encoding")).isEqualTo(large ? "gzip" : "");
      if (large) {
        byte[] bytes =
            new GZIPInputStream(new ByteArrayInputStream(packed.response().body())).readAllBytes();
        assertThat(Json.struct(bytes)).isEqualTo(plain.json());
      }
    }
  }

  @Test
  void aWatchEndsInGoodOrderAfterItsTime() throws Exception {
    try (Wire.Frames frames =
        wire.watch(CONFIG_MAPS + "?watch=1&timeoutSeconds=1&resourceVersion=" + last)) {
      assertThat(frames.next()).isEqualTo(Struct.EMPTY);
    }
  }

  @ParameterizedTest
  @CsvSource({
    "?fieldSelector=metadata.name%3Da, 'configmaps \"a\" is forbidden: ', list",
    "?watch=1&fieldSelector=metadata.name%3Da, 'configmaps \"a\" is forbidden: ', watch",
    "?fieldSelector=metadata.name!%3Da, 'configmaps is forbidden: ', list",
    "?fieldSelector=%2C%3D, 'configmaps is forbidden: ', list",
  })
  void whatSelectsOneObjectIsAboutThat(String query, String about, String verb) throws Exception {
    Wire.Answer answer = new Wire(server, "plain").get(CONFIG_MAPS + query);

    assertThat(answer.code()).isEqualTo(403);
    assertThat(answer.message()).startsWith(about).contains("cannot " + verb + " resource");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      quoteCharacter = '|',
      value = {
        "/api/v1/pods?fieldSelector=status.phase%3DRunning ; 200 ; PodList",
        "/api/v1/pods?fieldSelector=spec.x%3D1 ; 400 ; field label not supported: spec.x",
        "/api/v1/pods?watch=1&fieldSelector=spec.x%3D1 ; 400 ; field label not supported: spec.x",
        "/api/v1/pods?fieldSelector=a ; 400 ; invalid selector: 'a'; can't understand 'a'",
      })
  void selectorsAreOfFieldsThatAreKnown(String path, int code, String text) throws Exception {
    Wire.Answer answer = wire.get(path);

    assertThat(answer.text()).contains(text);
    assertThat(answer.code()).isEqualTo(code);
  }
}
