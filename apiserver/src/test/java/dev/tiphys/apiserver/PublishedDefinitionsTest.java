package dev.tiphys.apiserver;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tiphys.object.Struct;
import dev.tiphys.object.encoding.Json;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// What is published of custom kinds: by discovery, and in OpenAPI.
class PublishedDefinitionsTest {

  private static final String DEFINITIONS =
      "/apis/apiextensions.k8s.io/v1/customresourcedefinitions";
  private static final String AGGREGATED =
      "application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList";

  private final RunningServer server;
  private final Wire wire;

  PublishedDefinitionsTest() throws Exception {
    server = new RunningServer();
    wire = new Wire(server);
  }

  @AfterEach
  void close() {
    server.close();
  }

  private static String version(String name, boolean served, boolean storage, String schema) {
    return "{'name':'%s','served':%s,'storage':%s,'schema':{'openAPIV3Schema':%s}}"
        .formatted(name, served, storage, schema);
  }

  private static String definition(String group, String kind, String... versions) {
    String plural = kind.toLowerCase(java.util.Locale.ROOT) + "s";
    return ("{'metadata':{'name':'%s.%s'},'spec':{'group':'%s','scope':'Namespaced','names':"
            + "{'plural':'%s','kind':'%s'},'versions':[%s]}}")
        .formatted(plural, group, group, plural, kind, String.join(",", versions));
  }

  private void define(String group, String kind, String... versions) throws Exception {
    String body = definition(group, kind, versions);
    String name = Json.struct(Wire.json(body)).string("metadata", "name");
    assertThat(wire.post(DEFINITIONS, body).code()).isEqualTo(201);
    try (Wire.Frames frames =
        wire.watch(DEFINITIONS + "?watch=1&fieldSelector=metadata.name%3D" + name)) {
      boolean established = false;
      while (!established) {
        established =
            frames.next().structs("object", "status", "conditions").stream()
                .anyMatch(
                    condition ->
                        condition.string("type").equals("Established")
                            && condition.string("status").equals("True"));
      }
    }
  }

  private Struct third(String group, String version, String kind) throws Exception {
    return wire.get("/openapi/v3/apis/" + group + "/" + version)
        .json()
        .struct("components", "schemas", name(group, version, kind));
  }

  private static String name(String group, String version, String kind) {
    List<String> parts = new java.util.ArrayList<>(List.of(group.split("\\.")));
    java.util.Collections.reverse(parts);
    return String.join(".", parts) + "." + version + "." + kind;
  }

  private Struct second(String group, String version, String kind) throws Exception {
    return wire.get("/openapi/v2").json().struct("definitions", name(group, version, kind));
  }

  private static final String SCHEMA =
      "{'type':'object','description':'Foo CRD for Testing','required':['spec'],'properties':{"
          + "'spec':{'type':'object','description':'Specification of Foo','required':['maybe','port'],"
          + "'properties':{"
          + "'bars':{'type':'array','items':{'type':'object','required':['name'],'properties':{"
          + "'name':{'type':'string','description':'Name of Bar.'},"
          + "'age':{'type':'integer','default':3,'minimum':1}}}},"
          + "'maybe':{'type':'object','nullable':true,'properties':{'x':{'type':'string'}}},"
          + "'port':{'x-kubernetes-int-or-string':true},"
          + "'open':{'type':'object','x-kubernetes-preserve-unknown-fields':true,"
          + "'properties':{'y':{'type':'string'}}},"
          + "'template':{'type':'object','x-kubernetes-embedded-resource':true,'properties':{"
          + "'spec':{'type':'object'}}},"
          + "'either':{'type':'string','oneOf':[{'pattern':'a'},{'pattern':'b'}]}}}}}";

  @Test
  void aKindIsDescribedAsItsDefinitionSays() throws Exception {
    define("stable.example.com", "Foo", version("v1", true, true, SCHEMA));

    Struct foo = third("stable.example.com", "v1", "Foo");
    assertThat(foo.string("description")).isEqualTo("Foo CRD for Testing");
    assertThat(foo.string("properties", "kind", "description")).startsWith("Kind is a string");
    assertThat(foo.structs("properties", "metadata", "allOf").getFirst().string("$ref"))
        .isEqualTo("#/components/schemas/io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta");
    Struct spec = foo.struct("properties", "spec", "properties");
    assertThat(spec.bool("maybe", "nullable")).isTrue();
    assertThat(spec.structs("port", "anyOf").stream().map(type -> type.string("type")))
        .containsExactly("integer", "string");
    assertThat(spec.strings("template", "required")).containsExactly("kind", "apiVersion");
    assertThat(spec.struct("template", "properties").names())
        .containsExactly("apiVersion", "kind", "metadata", "spec");
    assertThat(spec.structs("either", "oneOf")).hasSize(2);

    Struct list = third("stable.example.com", "v1", "FooList");
    assertThat(list.string("description")).isEqualTo("FooList is a list of Foo");
    assertThat(list.string("properties", "items", "description")).startsWith("List of foos.");
  }

  @Test
  void oldClientsAreToldWhatTheyUnderstand() throws Exception {
    define("stable.example.com", "Foo", version("v1", true, true, SCHEMA));

    Struct foo = second("stable.example.com", "v1", "Foo");
    assertThat(foo.string("properties", "metadata", "$ref"))
        .isEqualTo("#/definitions/io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta");
    Struct spec = foo.struct("properties", "spec");
    assertThat(spec.strings("required")).containsExactly("port");
    Struct fields = spec.struct("properties");
    assertThat(fields.struct("maybe")).isEqualTo(Struct.EMPTY);
    assertThat(fields.struct("port").names()).containsExactly("x-kubernetes-int-or-string");
    assertThat(fields.struct("open").names())
        .containsExactly("x-kubernetes-preserve-unknown-fields");
    assertThat(fields.struct("either").names()).containsExactly("type");
    assertThat(fields.integer("bars", "items", "properties", "age", "default")).isEqualTo(3);
    assertThat(fields.struct("template", "properties", "metadata").names())
        .containsExactly("$ref", "description");
    assertThat(foo.structs("x-kubernetes-group-version-kind"))
        .containsExactly(Struct.of("group", "stable.example.com", "kind", "Foo", "version", "v1"));
  }

  @Test
  void aKindThatKeepsUnknownFieldsIsAnObjectToOldClients() throws Exception {
    define(
        "open.example.com",
        "Open",
        version(
            "v1",
            true,
            true,
            "{'type':'object','x-kubernetes-preserve-unknown-fields':true,'properties':{'spec':"
                + "{'type':'object'}}}"));

    assertThat(second("open.example.com", "v1", "Open").names())
        .containsExactly("type", "x-kubernetes-group-version-kind");
    assertThat(third("open.example.com", "v1", "Open").struct("properties").names())
        .containsExactly("apiVersion", "kind", "metadata", "spec");
  }

  @Test
  void theProtobufFormHasCustomKindsToo() throws Exception {
    define("stable.example.com", "Foo", version("v1", true, true, SCHEMA));
    Wire.Answer answer =
        wire.get(
            "/openapi/v2", "Accept", "application/com.github.proto-openapi.spec.v2@v1.0+protobuf");

    assertThat(answer.code()).isEqualTo(200);
    assertThat(answer.text()).contains("com.example.stable.v1.Foo", "Name of Bar.");
  }

  @Test
  void whatIsServedNoMoreIsPublishedNoMore() throws Exception {
    String plain = "{'type':'object'}";
    define(
        "many.example.com",
        "Foo",
        version("v1", true, true, plain),
        version("v2", true, false, plain));
    define("many.example.com", "Bar", version("v1", true, true, plain));
    assertThat(third("many.example.com", "v1", "Foo")).isNotEqualTo(Struct.EMPTY);
    assertThat(third("many.example.com", "v1", "Bar")).isNotEqualTo(Struct.EMPTY);
    assertThat(second("many.example.com", "v2", "Foo")).isNotEqualTo(Struct.EMPTY);
    String before = tag();

    String path = DEFINITIONS + "/foos.many.example.com";
    Struct old = wire.get(path).json();
    wire.patch(
        "json-patch", path, "[{'op':'replace','path':'/spec/versions/1/served','value':false}]");
    awaitGone("/openapi/v3/apis/many.example.com/v2");
    assertThat(second("many.example.com", "v2", "Foo")).isEqualTo(Struct.EMPTY);
    assertThat(second("many.example.com", "v1", "Foo")).isNotEqualTo(Struct.EMPTY);
    assertThat(tag()).isNotEqualTo(before);
    assertThat(old.isEmpty()).isFalse();
  }

  /// A definition's change is served a moment later than it is written: requests wait for it here.
  private void awaitGone(String path) throws Exception {
    while (wire.get(path).code() != 404) {
      Thread.onSpinWait();
    }
  }

  private String tag() throws Exception {
    return wire.get("/apis", "Accept", AGGREGATED).header("etag");
  }

  @Test
  void discoveryIsSentAgainOnlyIfItChanged() throws Exception {
    String before = tag();
    assertThat(wire.get("/apis", "Accept", AGGREGATED, "If-None-Match", before).code())
        .isEqualTo(304);
    define("stable.example.com", "Foo", version("v1", true, true, "{'type':'object'}"));

    Wire.Answer answer = wire.get("/apis", "Accept", AGGREGATED, "If-None-Match", before);
    assertThat(answer.code()).isEqualTo(200);
    assertThat(answer.json().structs("items").getLast().string("metadata", "name"))
        .isEqualTo("stable.example.com");
    assertThat(answer.header("vary")).isEqualTo("Accept");
  }

  private String url(String path) throws Exception {
    return wire.get("/openapi/v3").json().string("paths", path, "serverRelativeURL");
  }

  @Test
  void hashesChangeExactlyWithTheirDocuments() throws Exception {
    String path = "apis/stable.example.com/v1";
    define("stable.example.com", "Foo", version("v1", true, true, "{'type':'object'}"));
    String apps = url("apis/apps/v1");
    String before = url(path);
    Wire.Answer document = wire.get(before);
    assertThat(document.header("etag")).isEqualTo('"' + before.split("=")[1] + '"');
    assertThat(document.header("cache-control")).isEqualTo("public, immutable");

    define("other.example.com", "Bar", version("v1", true, true, "{'type':'object'}"));
    assertThat(url(path)).isEqualTo(before);
    wire.patch(
        "json-patch",
        DEFINITIONS + "/foos.stable.example.com",
        "[{'op':'add','path':'/spec/versions/0/schema/openAPIV3Schema/description','value':'new'}]");
    while (url(path).equals(before)) {
      Thread.onSpinWait();
    }
    assertThat(url("apis/apps/v1")).isEqualTo(apps);
    Wire.Answer moved = wire.get(before);
    assertThat(moved.code()).isEqualTo(301);
    assertThat(moved.header("location")).isEqualTo(url(path));
  }

  @ParameterizedTest
  @CsvSource({
    "get,/apis/stable.example.com/v1/namespaces/{namespace}/foos,listStableExampleComV1NamespacedFoo",
    "post,/apis/stable.example.com/v1/namespaces/{namespace}/foos,createStableExampleComV1NamespacedFoo",
    "patch,/apis/stable.example.com/v1/namespaces/{namespace}/foos/{name},patchStableExampleComV1NamespacedFoo",
    "get,/apis/stable.example.com/v1/foos,listStableExampleComV1FooForAllNamespaces",
  })
  void pathsAreDescribedAsOfOtherKinds(String method, String path, String id) throws Exception {
    define("stable.example.com", "Foo", version("v1", true, true, "{'type':'object'}"));
    Struct paths = wire.get("/openapi/v3/apis/stable.example.com/v1").json().struct("paths");

    assertThat(paths.string(path, method, "operationId")).isEqualTo(id);
    assertThat(paths.names()).noneMatch(each -> each.contains("/watch/"));
    assertThat(Json.text(paths.struct(path, method)))
        .doesNotContain("protobuf")
        .doesNotContain("strategic");
  }

  @Test
  void proxiesAreDescribed() throws Exception {
    Struct paths = wire.get("/openapi/v3/api/v1").json().struct("paths");
    String path = "/api/v1/namespaces/{namespace}/pods/{name}/proxy/{path}";

    assertThat(paths.struct(path).names())
        .contains("delete", "get", "head", "options", "patch", "post", "put");
    assertThat(paths.string(path, "get", "operationId"))
        .isEqualTo("connectCoreV1GetNamespacedPodProxyWithPath");
    assertThat(paths.string("/api/v1/nodes/{name}/proxy", "post", "operationId"))
        .isEqualTo("connectCoreV1PostNodeProxy");
  }
}
