package dev.tiphys.apiserver;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tiphys.object.Struct;
import dev.tiphys.object.api.Meta;
import java.io.IOException;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.function.Predicate;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// Definitions of custom resources over HTTP: from `kubectl apply` of a definition to its removal.
class DefinitionsTest {

  private static final String DEFINITIONS =
      "/apis/apiextensions.k8s.io/v1/customresourcedefinitions";
  private static final String DEFINITION = DEFINITIONS + "/things.example.com";
  private static final String THINGS = "/apis/example.com/v1/namespaces/default/things";

  private final RunningServer server;
  private final Wire wire;

  DefinitionsTest() throws IOException {
    server = new RunningServer();
    wire = new Wire(server);
  }

  @AfterEach
  void close() {
    server.close();
  }

  private static String definition(String names, String... versions) {
    return """
        {'apiVersion':'apiextensions.k8s.io/v1','kind':'CustomResourceDefinition',
         'metadata':{'name':'things.example.com'},
         'spec':{'group':'example.com','scope':'Namespaced','names':{%s},'versions':[%s]}}
        """
        .formatted(names, String.join(",", versions));
  }

  private static String things(String... versions) {
    return definition("'plural':'things','kind':'Thing','shortNames':['th']", versions);
  }

  /// A version whose objects have these fields in their spec.
  private static String version(String name, boolean storage, String fields, String more) {
    return """
        {'name':'%s','served':true,'storage':%s,'schema':{'openAPIV3Schema':{'type':'object',
         'properties':{'spec':{'type':'object','properties':{%s}},
                       'status':{'type':'object','properties':{
                         'replicas':{'type':'integer'},'selector':{'type':'string'}}}}}}%s}
        """
        .formatted(name, storage, fields, more);
  }

  private static String stored(String fields, String more) {
    return version("v1", true, fields, more);
  }

  private static final String SIZE = "'size':{'type':'integer','default':3}";
  private static final String STATUS = ",'subresources':{'status':{}}";

  /// Creates the definition and waits until it is established.
  private Struct establish(String definition) throws Exception {
    Wire.Answer created = wire.post(DEFINITIONS, definition);
    assertThat(created.code()).as(created.text()).isEqualTo(201);
    return awaitDefinition(found -> Meta.isTrue(found, "Established"));
  }

  private Struct awaitDefinition(Predicate<Struct> holds) throws Exception {
    try (Wire.Frames frames =
        wire.watch(
            DEFINITIONS
                + "?watch=1&fieldSelector=metadata.name%3Dthings.example.com&resourceVersion=0")) {
      Struct object = frames.next().struct("object");
      while (!holds.test(object)) {
        object = frames.next().struct("object");
      }
      return object;
    }
  }

  private static String thing(String version, String name, String spec) {
    return "{'apiVersion':'example.com/%s','kind':'Thing','metadata':{'name':'%s'},'spec':{%s}}"
        .formatted(version, name, spec);
  }

  @Test
  void whatIsEstablishedIsServedAtOnce() throws Exception {
    Struct definition = establish(things(stored(SIZE, STATUS)));

    assertThat(Meta.condition(definition, "NamesAccepted").string("reason"))
        .isEqualTo("NoConflicts");
    assertThat(Meta.condition(definition, "Established").string("reason"))
        .isEqualTo("InitialNamesAccepted");
    assertThat(definition.struct("status", "acceptedNames").string("listKind"))
        .isEqualTo("ThingList");
    assertThat(definition.struct("status").strings("storedVersions")).containsExactly("v1");

    Wire.Answer created = wire.post(THINGS, thing("v1", "a", "'nope':1"));
    assertThat(created.code()).isEqualTo(201);
    assertThat(created.text()).startsWith("{\"apiVersion\":\"example.com/v1\",\"kind\":\"Thing\"");
    assertThat(created.json().integer("spec", "size")).isEqualTo(3);
    assertThat(created.json().has("spec", "nope")).isFalse();
    Struct resources = wire.get("/apis/example.com/v1").json();
    assertThat(resources.structs("resources"))
        .extracting(resource -> resource.string("name"))
        .containsExactly("things", "things/status");
    assertThat(resources.structs("resources").getFirst().strings("shortNames"))
        .containsExactly("th");
  }

  @Test
  void anObjectSaysWhatItIs() throws Exception {
    establish(things(stored(SIZE, "")));

    Wire.Answer nameless = wire.post(THINGS, "{'apiVersion':'example.com/v1','metadata':{}}");
    assertThat(nameless.code()).isEqualTo(400);
    assertThat(nameless.message())
        .startsWith(
            "the object provided is unrecognized (must be of type Thing):"
                + " Object 'Kind' is missing in");
    Wire.Answer other =
        wire.post(THINGS, "{'apiVersion':'example.com/v1','kind':'Other','metadata':{'name':'a'}}");
    assertThat(other.code()).isEqualTo(422);
    assertThat(other.message()).contains("kind: Invalid value: \"Other\": must be Thing");
    Wire.Answer version = wire.post(THINGS, thing("v2", "a", ""));
    assertThat(version.code()).isEqualTo(400);
    assertThat(version.message())
        .isEqualTo(
            "the API version in the data (example.com/v2) does not match the expected API version"
                + " (example.com/v1)");
  }

  @Test
  void everythingButMetadataCountsTheGenerationUp() throws Exception {
    establish(things(stored(SIZE, "")));
    wire.post(THINGS, thing("v1", "a", ""));

    Wire.Answer labelled =
        wire.patch("merge-patch", THINGS + "/a", "{'metadata':{'labels':{'a':'b'}}}");
    assertThat(Meta.of(labelled.json()).generation()).isEqualTo(1);
    Wire.Answer changed = wire.patch("merge-patch", THINGS + "/a", "{'spec':{'size':4}}");
    assertThat(Meta.of(changed.json()).generation()).isEqualTo(2);
    Wire.Answer reported = wire.patch("merge-patch", THINGS + "/a", "{'status':{'replicas':4}}");
    assertThat(Meta.of(reported.json()).generation()).isEqualTo(3);
  }

  @Test
  void aStatusIsWrittenByItsSubresourceAlone() throws Exception {
    establish(things(stored(SIZE, STATUS)));
    wire.post(THINGS, thing("v1", "a", ""));

    Wire.Answer main =
        wire.patch("merge-patch", THINGS + "/a", "{'spec':{'size':4},'status':{'replicas':4}}");
    assertThat(main.json().has("status")).isFalse();
    Wire.Answer status =
        wire.patch(
            "merge-patch",
            THINGS + "/a/status",
            "{'metadata':{'labels':{'a':'b'}},'spec':{'size':5},'status':{'replicas':4}}");
    assertThat(status.code()).isEqualTo(200);
    assertThat(status.json().integer("status", "replicas")).isEqualTo(4);
    assertThat(status.json().integer("spec", "size")).isEqualTo(4);
    assertThat(status.json().has("metadata", "labels")).isFalse();
    assertThat(Meta.of(status.json()).generation()).isEqualTo(2);
  }

  @Test
  void aScaleIsReadAndWrittenWhereTheDefinitionSays() throws Exception {
    establish(
        things(
            stored(
                "'size':{'type':'integer'}",
                ",'subresources':{'status':{},'scale':{'specReplicasPath':'.spec.size',"
                    + "'statusReplicasPath':'.status.replicas',"
                    + "'labelSelectorPath':'.status.selector'}}")));
    wire.post(THINGS, thing("v1", "a", "'size':2"));
    wire.patch("merge-patch", THINGS + "/a/status", "{'status':{'replicas':1,'selector':'app=a'}}");

    Struct scale = wire.get(THINGS + "/a/scale").json();
    assertThat(scale.string("kind")).isEqualTo("Scale");
    assertThat(scale.integer("spec", "replicas")).isEqualTo(2);
    assertThat(scale.struct("status")).isEqualTo(Struct.of("replicas", 1L, "selector", "app=a"));
    Wire.Answer put =
        wire.put(
            THINGS + "/a/scale",
            "{'apiVersion':'autoscaling/v1','kind':'Scale',"
                + "'metadata':{'name':'a','namespace':'default'},'spec':{'replicas':7}}");
    assertThat(put.code()).as(put.text()).isEqualTo(200);
    assertThat(wire.get(THINGS + "/a").json().integer("spec", "size")).isEqualTo(7);
    wire.post(THINGS, thing("v1", "none", ""));
    Wire.Answer unset = wire.get(THINGS + "/none/scale");
    assertThat(unset.code()).isEqualTo(500);
    assertThat(unset.message()).contains("the spec replicas field \".spec.size\" does not exist");
  }

  @Test
  void tablesShowTheColumnsOfTheVersion() throws Exception {
    establish(
        things(
            stored(
                SIZE
                    + ",'parts':{'type':'array','items':{'type':'object','properties':{"
                    + "'type':{'type':'string'},'status':{'type':'string'}}}}",
                ",'additionalPrinterColumns':["
                    + "{'name':'Size','type':'integer','jsonPath':'.spec.size','priority':1},"
                    + "{'name':'Ready','type':'string','description':'whether it is',"
                    + "'jsonPath':'.spec.parts[?(@.type==\\\"Ready\\\")].status'}]")));
    wire.post(THINGS, thing("v1", "a", "'parts':[{'type':'Ready','status':'True'}]"));
    wire.post(THINGS, thing("v1", "b", ""));

    Struct table =
        wire.get(THINGS, "Accept", "application/json;as=Table;v=v1;g=meta.k8s.io").json();

    assertThat(table.structs("columnDefinitions"))
        .extracting(column -> column.string("name") + " " + column.integer("priority"))
        .containsExactly("Name 0", "Size 1", "Ready 0");
    assertThat(table.structs("columnDefinitions"))
        .extracting(column -> column.string("description"))
        .contains(
            "Custom resource definition column (in JSONPath format): .spec.size", "whether it is");
    assertThat(table.structs("rows"))
        .extracting(row -> row.list("cells").toString())
        .containsExactly("[a, 3, True]", "[b, 3, null]");
  }

  @Test
  void fieldsThatTheDefinitionNamesCanBeSelectedBy() throws Exception {
    establish(things(stored(SIZE, ",'selectableFields':[{'jsonPath':'.spec.size'}]")));
    wire.post(THINGS, thing("v1", "a", "'size':1"));
    wire.post(THINGS, thing("v1", "b", "'size':2"));

    assertThat(wire.get(THINGS + "?fieldSelector=spec.size%3D2").json().structs("items"))
        .extracting(item -> item.string("metadata", "name"))
        .containsExactly("b");
    assertThat(wire.get(THINGS + "?fieldSelector=spec.other%3D2").code()).isEqualTo(400);
  }

  @Test
  void aNameBelongsToTheDefinitionThatHadItFirst() throws Exception {
    establish(things(stored(SIZE, "")));
    String rival =
        things(stored(SIZE, ""))
            .replace("things", "rivals")
            .replace("'kind':'Thing','shortNames':['th']", "'kind':'Rival','listKind':'ThingList'");
    wire.post(DEFINITIONS, rival);

    Struct refused = null;
    while (refused == null || Meta.condition(refused, "NamesAccepted") == null) {
      refused = wire.get(DEFINITIONS + "/rivals.example.com").json();
    }

    Struct names = Meta.condition(refused, "NamesAccepted");
    assertThat(names.string("reason")).isEqualTo("ListKindConflict");
    assertThat(names.string("message")).isEqualTo("\"ThingList\" is already in use");
    assertThat(Meta.condition(refused, "Established").string("reason")).isEqualTo("NotAccepted");
    assertThat(wire.get("/apis/example.com/v1/rivals").code()).isEqualTo(404);

    wire.delete(DEFINITION, "");
    while (!Meta.isTrue(refused, "Established")) {
      refused = wire.get(DEFINITIONS + "/rivals.example.com").json();
    }
    assertThat(wire.get("/apis/example.com/v1/rivals").code()).isEqualTo(200);
  }

  @Test
  void versionsKeepTheFieldsThatOthersDoNotHave() throws Exception {
    establish(
        things(
            version("v1", false, SIZE, ""),
            version("v2", true, "'color':{'type':'string','default':'red'}", "")));

    assertThat(wire.post(THINGS, thing("v1", "a", "'size':5")).code()).isEqualTo(201);

    Struct first = wire.get(THINGS + "/a").json();
    assertThat(first.struct("spec")).isEqualTo(Struct.of("size", 5L));
    Struct second = wire.get(THINGS.replace("v1", "v2") + "/a").json();
    assertThat(second.string("apiVersion")).isEqualTo("example.com/v2");
    assertThat(second.struct("spec")).isEqualTo(Struct.of("color", "red"));
    assertThat(wire.get(THINGS).json().structs("items").getFirst().struct("spec"))
        .isEqualTo(Struct.of("size", 5L));
    Struct group = wire.get("/apis/example.com").json();
    assertThat(group.string("preferredVersion", "version")).isEqualTo("v2");
  }

  @Test
  void writingAnUnchangedObjectBringsItToTheVersionThatIsStoredNow() throws Exception {
    establish(things(stored(SIZE, ""), version("v2", false, SIZE, "")));
    String made =
        wire.post(THINGS, thing("v1", "a", "")).json().string("metadata", "resourceVersion");
    Wire.Answer moved =
        wire.patch(
            "json-patch",
            DEFINITION,
            "[{'op':'replace','path':'/spec/versions/0/storage','value':false},"
                + "{'op':'replace','path':'/spec/versions/1/storage','value':true}]");
    assertThat(moved.json().struct("status").strings("storedVersions")).containsExactly("v1", "v2");
    while (!wire.get("/apis/example.com/v1").json().toString().contains(hashOf("v2"))) {
      Thread.onSpinWait();
    }

    String written = rewritten();
    assertThat(written).isNotEqualTo(made);
    assertThat(rewritten()).as("there already").isEqualTo(written);
  }

  /// What discovery tells the stored version by.
  private static String hashOf(String version) throws Exception {
    byte[] digest =
        MessageDigest.getInstance("SHA-256")
            .digest(("example.com/" + version + "/Thing").getBytes(UTF_8));
    return Base64.getEncoder().encodeToString(Arrays.copyOf(digest, 8));
  }

  private String rewritten() throws Exception {
    String object = wire.get(THINGS + "/a").text().replace('"', '\'');
    return wire.put(THINGS + "/a", object).json().string("metadata", "resourceVersion");
  }

  @Test
  void aServedVersionHasAnApiServiceForAsLongAsItIsServed() throws Exception {
    String services = "/apis/apiregistration.k8s.io/v1/apiservices";
    try (Wire.Frames frames =
        wire.watch(services + "?watch=1&fieldSelector=metadata.name%3Dv1.example.com")) {
      establish(things(stored(SIZE, "")));
      Struct added = frames.next();
      assertThat(added.string("type")).isEqualTo("ADDED");
      assertThat(
              added.string(
                  "object", "metadata", "labels", "kube-aggregator.kubernetes.io/automanaged"))
          .isEqualTo("true");
      Struct condition = Meta.condition(frames.next().struct("object"), "Available");
      assertThat(condition.string("reason")).isEqualTo("Local");
      wire.delete(DEFINITION, "");
      assertThat(frames.next().string("type")).isEqualTo("DELETED");
    }
  }

  @Test
  void oldVersionsWarn() throws Exception {
    establish(
        things(
            version("v1beta1", false, SIZE, "").replace("'served'", "'deprecated':true,'served'"),
            stored(SIZE, "")));

    assertThat(wire.get(THINGS.replace("v1", "v1beta1")).header("warning"))
        .isEqualTo("299 - \"example.com/v1beta1 Thing is deprecated; use example.com/v1 Thing\"");
    assertThat(wire.get(THINGS).header("warning")).isEmpty();
  }

  @Test
  void aChangedSchemaHoldsAtOnceAndEndsOpenWatches() throws Exception {
    Struct definition = establish(things(stored(SIZE, "")));
    wire.post(THINGS, thing("v1", "a", ""));
    try (Wire.Frames frames = wire.watch(THINGS + "?watch=1&resourceVersion=0")) {
      assertThat(frames.next().string("type")).isEqualTo("ADDED");

      String path = "/spec/versions/0/schema/openAPIV3Schema/properties/spec/properties/color";
      Wire.Answer changed =
          wire.patch(
              "json-patch",
              DEFINITION,
              "[{'op':'add','path':'" + path + "','value':{'type':'string','default':'red'}}]");
      assertThat(changed.code()).as(changed.text()).isEqualTo(200);

      assertThat(frames.lines().readLine()).isNull();
    }
    assertThat(Meta.of(definition).generation()).isEqualTo(1);
    assertThat(wire.get(THINGS + "/a").json().string("spec", "color")).isEqualTo("red");
  }

  @Test
  void removalWaitsForTheObjectsAndMakesNoNewOnes() throws Exception {
    establish(things(stored(SIZE, "")));
    wire.post(
        THINGS,
        "{'apiVersion':'example.com/v1','kind':'Thing',"
            + "'metadata':{'name':'held','finalizers':['example.com/hold']}}");
    wire.post(THINGS, thing("v1", "free", ""));

    Wire.Answer deleted = wire.delete(DEFINITION, "");
    assertThat(deleted.code()).isEqualTo(200);
    assertThat(deleted.json().struct("metadata").strings("finalizers"))
        .containsExactly("customresourcecleanup.apiextensions.k8s.io");
    assertThat(Meta.condition(deleted.json(), "Terminating").string("reason"))
        .isEqualTo("InstanceDeletionPending");
    awaitDefinition(
        found ->
            Meta.condition(found, "Terminating")
                .string("reason")
                .equals("InstanceDeletionInProgress"));
    while (wire.get(THINGS + "/free").code() != 404) {
      Thread.onSpinWait();
    }
    Wire.Answer refused = wire.post(THINGS, thing("v1", "late", ""));
    assertThat(refused.code()).isEqualTo(405);
    assertThat(refused.message())
        .isEqualTo("create not allowed while custom resource definition is terminating");
    assertThat(
            wire.get("/apis/example.com/v1").json().structs("resources").getFirst().list("verbs"))
        .isEqualTo(List.of("delete", "deletecollection", "get", "list", "watch"));

    Wire.Answer released =
        wire.patch("merge-patch", THINGS + "/held", "{'metadata':{'finalizers':null}}");
    assertThat(released.code()).isEqualTo(200);
    while (wire.get(DEFINITION).code() != 404 || wire.get(THINGS).code() != 404) {
      Thread.onSpinWait();
    }
    assertThat(wire.get("/apis/example.com/v1").code()).isEqualTo(404);
  }

  @Test
  void manyDefinitionsAreEstablishedTogether() throws Exception {
    for (int i = 0; i < 20; i++) {
      String definition =
          things(stored(SIZE, ""))
              .replace("things", "things" + i)
              .replace("Thing'", "Thing" + i + "'")
              .replace("'th'", "'th" + i + "'");
      assertThat(wire.post(DEFINITIONS, definition).code()).isEqualTo(201);
    }
    while (wire.get("/apis/example.com/v1").code() != 200
        || wire.get("/apis/example.com/v1").json().structs("resources").size() < 20) {
      Thread.onSpinWait();
    }
  }
}
