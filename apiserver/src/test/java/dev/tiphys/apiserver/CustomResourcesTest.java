package dev.tiphys.apiserver;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tiphys.object.Struct;
import dev.tiphys.object.encoding.Json;
import dev.tiphys.schema.GroupVersion;
import dev.tiphys.schema.Resource;
import dev.tiphys.schema.ResourceTable;
import dev.tiphys.schema.structural.StructuralSchema;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// Resources whose objects have the form of a structural schema are served like the others.
class CustomResourcesTest {

  private static final GroupVersion VERSION = new GroupVersion("example.com", "v1");
  private static final String THINGS = "/apis/example.com/v1/namespaces/default/things";

  private static final String SIZES = "'size':{'type':'integer','default':3}";
  private static final String COLORS = "'color':{'type':'string','default':'red'}";

  private final RunningServer server;
  private final Wire wire;

  CustomResourcesTest() throws IOException {
    server = new RunningServer();
    wire = new Wire(server);
  }

  @AfterEach
  void close() {
    server.close();
  }

  /// Serves things with these fields in their spec.
  private void serveThings(String... fields) {
    String properties = String.join(",", fields);
    String schema =
        "{'type':'object','properties':{'spec':{'type':'object','properties':{"
            + properties
            + "}}}}";
    Struct document = Json.struct(Wire.json(schema).getBytes(StandardCharsets.UTF_8));
    List<Resource> resources = new ArrayList<>(ResourceTable.builtIn());
    resources.add(
        new Resource(
            VERSION,
            "things",
            "thing",
            "Thing",
            StructuralSchema.of(VERSION, "Thing", document),
            true,
            List.of(),
            List.of(),
            List.of("create", "delete", "get", "list", "patch", "update", "watch"),
            new Resource.Storage("example.com/things", VERSION),
            List.of(),
            new Resource.Generation(true, List.of("spec")),
            null,
            Set.of(),
            List.of(),
            null,
            List.of(new Resource.Column("Name", "string", "name", 0, "metadata.name")),
            ""));
    server.serve(resources);
  }

  private Struct create(String name) throws Exception {
    return wire.post(THINGS, thing(name, "'note':'n','nope':1")).json();
  }

  private static String thing(String name, String spec) {
    return "{'apiVersion':'example.com/v1','kind':'Thing','metadata':{'name':'%s'},'spec':{%s}}"
        .formatted(name, spec);
  }

  @Test
  void objectsAreCreatedPatchedListedAndWatched() throws Exception {
    serveThings(SIZES, "'note':{'type':'string'}");

    Wire.Answer created = wire.post(THINGS, thing("a", "'note':'n','nope':1"));
    assertThat(created.code()).isEqualTo(201);
    assertThat(created.header("warning")).contains("unknown field \\\"spec.nope\\\"");
    assertThat(created.json().struct("spec").toString()).isEqualTo("{\"note\":\"n\",\"size\":3}");
    assertThat(created.json().integer("metadata", "generation")).isEqualTo(1);

    Wire.Answer patched = wire.patch("merge-patch", THINGS + "/a", "{'spec':{'size':5}}");
    assertThat(patched.code()).isEqualTo(200);
    assertThat(patched.json().integer("spec", "size")).isEqualTo(5);
    assertThat(patched.json().integer("metadata", "generation")).isEqualTo(2);

    Struct listed = wire.get(THINGS).json();
    assertThat(listed.string("kind")).isEqualTo("ThingList");
    assertThat(listed.structs("items")).containsExactly(patched.json());
    assertThat(wire.get(THINGS + "/a").json()).isEqualTo(patched.json());
    try (Wire.Frames frames = wire.watch(THINGS + "?watch=1&resourceVersion=0")) {
      Struct frame = frames.next();
      assertThat(frame.string("type")).isEqualTo("ADDED");
      assertThat(frame.struct("object")).isEqualTo(patched.json());
    }
  }

  @Test
  void unknownFieldsAreRefusedOnDemand() throws Exception {
    serveThings(SIZES);

    Wire.Answer refused = wire.post(THINGS + "?fieldValidation=Strict", thing("a", "'nope':1"));

    assertThat(refused.code()).isEqualTo(400);
    assertThat(refused.message()).contains("strict decoding error: unknown field \"spec.nope\"");
  }

  @Test
  void objectsAreHeldToTheSchema() throws Exception {
    serveThings(SIZES);

    Wire.Answer refused = wire.post(THINGS, thing("a", "'size':'large'"));

    assertThat(refused.code()).isEqualTo(422);
    assertThat(refused.message())
        .isEqualTo(
            "Thing.example.com \"a\" is invalid: spec.size: Invalid value: \"string\":"
                + " spec.size in body must be of type integer: \"string\"");
    create("a");
    assertThat(wire.patch("merge-patch", THINGS + "/a", "{'spec':{'size':true}}").code())
        .isEqualTo(422);
  }

  @Test
  void whatOnlyBuiltInKindsHaveIsRefused() throws Exception {
    serveThings(SIZES);
    create("a");
    String protobuf = "application/vnd.kubernetes.protobuf";

    assertThat(wire.patch("strategic-merge-patch", THINGS + "/a", "{'spec':{}}").code())
        .isEqualTo(415);
    assertThat(wire.post(THINGS, thing("b", ""), "Content-Type", protobuf).code()).isEqualTo(415);
    assertThat(wire.get(THINGS + "/a", "Accept", protobuf).code()).isEqualTo(406);
    assertThat(wire.get(THINGS, "Accept", protobuf).code()).isEqualTo(406);
    assertThat(wire.get(THINGS + "/a", "Accept", protobuf + ",application/json").code())
        .isEqualTo(200);
  }

  @Test
  void objectsAreReadUnderTheSchemaThatIsServedNow() throws Exception {
    serveThings(SIZES, "'note':{'type':'string'}");
    create("a");
    assertThat(wire.get(THINGS + "/a").json().struct("spec").names()).contains("note", "size");

    serveThings(SIZES, COLORS);

    Struct spec = wire.get(THINGS + "/a").json().struct("spec");
    assertThat(spec.toString()).isEqualTo("{\"color\":\"red\",\"size\":3}");
    assertThat(wire.get(THINGS).json().structs("items").getFirst().struct("spec")).isEqualTo(spec);

    serveThings(SIZES, "'note':{'type':'string'}"); // what is stored is still there
    assertThat(wire.get(THINGS + "/a").json().string("spec", "note")).isEqualTo("n");
  }

  @Test
  void eventsAreToldUnderTheSchemaThatIsServedNow() throws Exception {
    serveThings(SIZES, "'note':{'type':'string'}");
    String before = wire.get(THINGS).json().string("metadata", "resourceVersion");
    create("a");
    assertThat(firstToldSince(before)).contains("note", "size");

    serveThings(SIZES, COLORS);

    assertThat(firstToldSince(before)).containsExactly("color", "size");
  }

  /// The fields of the spec of the object that a watch tells of first.
  private List<String> firstToldSince(String version) throws Exception {
    try (Wire.Frames frames = wire.watch(THINGS + "?watch=1&resourceVersion=" + version)) {
      return frames.next().struct("object", "spec").names();
    }
  }

  @Test
  void theSchemaIsDescribed() throws Exception {
    serveThings(SIZES);

    Struct schemas =
        wire.get("/openapi/v3/apis/example.com/v1").json().struct("components", "schemas");

    Struct thing = schemas.struct("com.example.v1.Thing");
    assertThat(thing.struct("properties").names())
        .containsExactly("apiVersion", "kind", "metadata", "spec");
    assertThat(thing.integer("properties", "spec", "properties", "size", "default")).isEqualTo(3);
    assertThat(thing.structs("x-kubernetes-group-version-kind").getFirst().string("kind"))
        .isEqualTo("Thing");
    assertThat(schemas.names())
        .contains("com.example.v1.ThingList", "io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta");
  }
}
