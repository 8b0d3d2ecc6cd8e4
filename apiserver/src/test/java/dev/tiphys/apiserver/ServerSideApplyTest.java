package dev.tiphys.apiserver;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tiphys.client.ApiResource;
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
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// Server-side apply, as far as it takes more than one exchange to see; `apply.exchanges` has the
/// rest.
class ServerSideApplyTest {

  private static final String CONFIG_MAPS = "/api/v1/namespaces/default/configmaps";
  private static final GroupVersion VERSION = new GroupVersion("example.com", "v1");
  private static final GroupVersion OLDER = new GroupVersion("example.com", "v1beta1");
  private static final String THINGS = "/apis/example.com/v1/namespaces/default/things";

  private final RunningServer server;
  private final Wire wire;

  ServerSideApplyTest() throws IOException {
    server = new RunningServer();
    wire = new Wire(server);
  }

  @AfterEach
  void close() {
    server.close();
  }

  private Wire.Answer apply(String path, String manager, String object) throws Exception {
    return wire.send(
        "PATCH",
        path + "?fieldManager=" + manager,
        Wire.json(object),
        "Content-Type",
        "application/apply-patch+yaml");
  }

  private static String configMap(String data) {
    return "{'apiVersion':'v1','kind':'ConfigMap','metadata':{'name':'a'},'data':{%s}}"
        .formatted(data);
  }

  private Wire.Answer applyThing(String manager, String spec) throws Exception {
    return apply(
        THINGS + "/a",
        manager,
        "{'apiVersion':'example.com/v1','kind':'Thing','metadata':{'name':'a'},'spec':{%s}}"
            .formatted(spec));
  }

  /// Serves things whose spec has this schema.
  private void serveThings(String spec) {
    String schema = "{'type':'object','properties':{'spec':%s}}".formatted(spec);
    Struct document = Json.struct(Wire.json(schema).getBytes(StandardCharsets.UTF_8));
    List<Resource> resources = new ArrayList<>(ResourceTable.builtIn());
    resources.add(things(VERSION, document));
    resources.add(things(OLDER, document));
    server.serve(resources);
  }

  private static Resource things(GroupVersion version, Struct document) {
    return new Resource(
        version,
        "things",
        "thing",
        "Thing",
        StructuralSchema.of(version, "Thing", document),
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
        List.of(),
        "");
  }

  @Test
  void applyingTheSameAgainWritesNothing() throws Exception {
    Struct first = apply(CONFIG_MAPS + "/a", "m", configMap("'k':'v'")).json();
    Wire.Answer again = apply(CONFIG_MAPS + "/a", "m", configMap("'k':'v'"));
    assertThat(again.code()).isEqualTo(200);
    assertThat(again.json()).isEqualTo(first);
  }

  @Test
  void anOwnerMoreIsWrittenThoughNothingElseChanges() throws Exception {
    Struct first = apply(CONFIG_MAPS + "/a", "m", configMap("'k':'v'")).json();
    Struct second = apply(CONFIG_MAPS + "/a", "n", configMap("'k':'v'")).json();
    assertThat(second.string("metadata", "resourceVersion"))
        .isNotEqualTo(first.string("metadata", "resourceVersion"));
    assertThat(second.structs("metadata", "managedFields")).hasSize(2);
  }

  @Test
  void appliersThatComeTogetherAllGetTheirWay() throws Exception {
    List<Callable<Integer>> appliers = new ArrayList<>();
    for (int i = 0; i < 16; i++) {
      String name = "m" + i;
      appliers.add(() -> apply(CONFIG_MAPS + "/a", name, configMap("'" + name + "':'v'")).code());
    }
    List<Integer> codes = new ArrayList<>();
    try (ExecutorService threads = Executors.newFixedThreadPool(8)) {
      for (Future<Integer> code : threads.invokeAll(appliers)) {
        codes.add(code.get());
      }
    }
    assertThat(codes).containsOnlyOnce(201).filteredOn(code -> code == 200).hasSize(15);
    assertThat(wire.get(CONFIG_MAPS + "/a").json().struct("data").size()).isEqualTo(16);
  }

  @Test
  void customObjectsAreMergedByTheirSchema() throws Exception {
    serveThings(
        """
        {'type':'object','properties':{
          'set':{'type':'array','x-kubernetes-list-type':'set','items':{'type':'string'}},
          'keyed':{'type':'array','x-kubernetes-list-type':'map','x-kubernetes-list-map-keys':['k'],
            'items':{'type':'object','properties':{
              'k':{'type':'string'},'v':{'type':'integer'},'w':{'type':'integer'}}}},
          'plain':{'type':'array','items':{'type':'string'}},
          'whole':{'type':'object','x-kubernetes-map-type':'atomic',
            'additionalProperties':{'type':'string'}},
          'free':{'type':'object','x-kubernetes-preserve-unknown-fields':true}}}
        """);

    applyThing("m", "'set':['a'],'keyed':[{'k':'x','v':1}],'free':{'a':{'b':1}}");
    Struct spec =
        applyThing("n", "'set':['b'],'keyed':[{'k':'x','w':2},{'k':'y'}],'free':{'a':{'c':2}}")
            .json()
            .struct("spec");
    assertThat(spec.list("set")).hasToString("[a, b]");
    assertThat(spec.list("keyed")).hasToString("[{\"k\":\"x\",\"v\":1,\"w\":2}, {\"k\":\"y\"}]");
    assertThat(spec.struct("free")).hasToString("{\"a\":{\"b\":1,\"c\":2}}");

    applyThing("m", "'plain':['a'],'whole':{'a':'b'}");
    Wire.Answer conflict = applyThing("n", "'plain':['a','b'],'whole':{'c':'d'}");
    assertThat(conflict.code()).isEqualTo(409);
    assertThat(conflict.json().structs("details", "causes"))
        .extracting(cause -> cause.string("field"))
        .containsExactly(".spec.plain", ".spec.whole");
  }

  @Test
  void customObjectsAreOwnedWithAllThatIsOnTheWay() throws Exception {
    serveThings("{'type':'object','properties':{'size':{'type':'integer'}}}");
    Struct created =
        wire.post(
                THINGS + "?fieldManager=m",
                "{'apiVersion':'example.com/v1','kind':'Thing','metadata':{'name':'a'},"
                    + "'spec':{'size':1}}")
            .json();
    assertThat(created.structs("metadata", "managedFields").getFirst().struct("fieldsV1"))
        .hasToString("{\"f:spec\":{\".\":{},\"f:size\":{}}}");
  }

  @Test
  void nullIsKeptWhereItIsAValue() throws Exception {
    serveThings(
        """
        {'type':'object','properties':{
          'foo':{'type':'object','nullable':true,'required':['a'],
            'properties':{'a':{'type':'string'}}},
          'map':{'type':'object','nullable':true,'additionalProperties':{'type':'string'}},
          'list':{'type':'array','nullable':true,'x-kubernetes-list-type':'set',
            'items':{'type':'string'}}}}
        """);
    applyThing("m", "'foo':{'a':'b'},'map':{'a':'b'},'list':['a']");
    Wire.Answer applied = applyThing("m", "'foo':null,'map':null,'list':null");

    assertThat(applied.code()).as(applied.text()).isEqualTo(200);
    assertThat(applied.json().struct("spec"))
        .hasToString("{\"foo\":null,\"list\":null,\"map\":null}");
    assertThat(
            applied
                .json()
                .structs("metadata", "managedFields")
                .getFirst()
                .struct("fieldsV1", "f:spec"))
        .hasToString("{\"f:foo\":{},\"f:list\":{},\"f:map\":{}}");

    Struct emptied = applyThing("m", "'map':{}").json();
    assertThat(emptied.struct("spec")).hasToString("{\"map\":{}}");
  }

  @Test
  void aSchemaThatMakesAListAtomicLeavesItToItsOwners() throws Exception {
    String list =
        "{'type':'object','properties':{'l':{'type':'array',%s'items':{'type':'string'}}}}";
    serveThings(list.formatted("'x-kubernetes-list-type':'set',"));
    applyThing("m", "'l':['a']");
    serveThings(list.formatted(""));
    Wire.Answer conflict = applyThing("n", "'l':['b']");
    assertThat(conflict.code()).isEqualTo(409);
    assertThat(conflict.message())
        .isEqualTo("Apply failed with 1 conflict: conflict with \"m\": .spec.l");
  }

  @Test
  void ownersInOtherVersionsStay() throws Exception {
    serveThings("{'type':'object','properties':{'a':{'type':'integer'},'b':{'type':'integer'}}}");
    String older = "/apis/example.com/v1beta1/namespaces/default/things";
    wire.post(
        older + "?fieldManager=u",
        "{'apiVersion':'example.com/v1beta1','kind':'Thing','metadata':{'name':'a'},"
            + "'spec':{'a':1}}");
    Struct applied = applyThing("m", "'b':2").json();
    assertThat(applied.structs("metadata", "managedFields"))
        .extracting(entry -> entry.string("manager") + " " + entry.string("apiVersion"))
        .containsExactly("m example.com/v1", "u example.com/v1beta1");

    Wire.Answer conflict = applyThing("m", "'a':2,'b':2");
    assertThat(conflict.message())
        .isEqualTo(
            "Apply failed with 1 conflict: conflict with \"u\" using example.com/v1beta1:"
                + " .spec.a");

    wire.patch("merge-patch", older + "/a?fieldManager=u", "{'spec':{'b':3}}");
    assertThat(wire.get(THINGS + "/a").json().structs("metadata", "managedFields"))
        .extracting(entry -> entry.string("manager"))
        .containsExactly("u");
  }

  @Test
  void aWriterInThisProcessIsKnownByItsProgram() {
    Struct made =
        server
            .api("deployment-controller", "kube-controller-manager")
            .create(
                ApiResource.CONFIG_MAPS,
                Json.struct(
                    Wire.json("{'metadata':{'name':'a','namespace':'default'},'data':{'k':'v'}}")));
    assertThat(made.structs("metadata", "managedFields").getFirst().string("manager"))
        .isEqualTo("kube-controller-manager");
  }

  /// The data fits, and so does the record of owners, but not both.
  @Test
  void whatIsTooLargeIsStoredWithoutItsOwners() throws Exception {
    StringBuilder data = new StringBuilder();
    for (int i = 0; i < 2200; i++) {
      String key = "k".repeat(240) + i;
      data.append(i == 0 ? "" : ",").append("'").append(key).append("':'");
      data.append("v".repeat(240)).append("'");
    }
    String content = "{'metadata':{'name':'large'},'data':{" + data + "}}";
    String path = "/api/v1/namespaces/default/configmaps";

    Wire.Answer created = wire.post(path, content);
    assertThat(created.code()).as(created.text()).isEqualTo(201);
    assertThat(created.json().has("metadata", "managedFields")).isFalse();

    Wire.Answer updated =
        wire.put(path + "/large", content.replace("'name':", "'labels':{'a':'b'},'name':"));
    assertThat(updated.code()).as(updated.text()).isEqualTo(200);
    assertThat(wire.get(path + "/large").json().string("metadata", "labels", "a")).isEqualTo("b");
    assertThat(wire.get(path + "/large").json().has("metadata", "managedFields")).isFalse();
  }
}
