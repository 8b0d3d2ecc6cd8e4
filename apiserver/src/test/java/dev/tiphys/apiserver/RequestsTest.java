package dev.tiphys.apiserver;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tiphys.object.Struct;
import dev.tiphys.object.encoding.ProtoReader;
import dev.tiphys.schema.ProtobufCodec;
import dev.tiphys.schema.Type;
import dev.tiphys.schema.TypeTable;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// What requests are answered that have something wrong with them, before any object is looked at.
class RequestsTest {

  private static final String CONFIG_MAPS = "/api/v1/namespaces/default/configmaps";

  private final RunningServer server;
  private final Wire wire;

  RequestsTest() throws IOException {
    server = new RunningServer();
    wire = new Wire(server);
  }

  @AfterEach
  void close() {
    server.close();
  }

  @Nested
  class OfPaths {
    @Test
    void unknownVersionsAreNoPagesAndUnknownResourcesAreTold() throws Exception {
      assertThat(wire.get("/apis/nope/v1/things").text()).isEqualTo("404 page not found\n");
      Wire.Answer unknown = wire.get("/api/v1/nope");
      assertThat(unknown.code()).isEqualTo(404);
      assertThat(unknown.message()).isEqualTo("the server could not find the requested resource");
      assertThat(unknown.json().has("details")).isTrue();
    }

    @Test
    void methodsThatAPathDoesNotHaveAreNotAllowed() throws Exception {
      for (Wire.Answer answer :
          new Wire.Answer[] {
            wire.post(CONFIG_MAPS + "/a", "{}"),
            wire.put(CONFIG_MAPS, "{}"),
            wire.patch("merge-patch", CONFIG_MAPS, "{}"),
            wire.post("/api/v1/configmaps", "{}"),
            wire.delete("/api/v1/configmaps", ""),
            wire.send("HEAD", CONFIG_MAPS + "/a", "")
          }) {
        assertThat(answer.code()).isEqualTo(405);
      }
      assertThat(wire.put(CONFIG_MAPS, "{}").message())
          .isEqualTo("the server does not allow this method on the requested resource");
    }

    @Test
    void whatNeedsANamespaceIsNotFoundWithoutOne() throws Exception {
      assertThat(wire.get("/api/v1/configmaps/a").code()).isEqualTo(404);
      assertThat(wire.get("/api/v1/namespaces/default/nodes").code()).isEqualTo(404);
    }
  }

  @Nested
  class OfOptions {
    @Test
    void dryRunIsForAllOrNot() throws Exception {
      Wire.Answer answer = wire.post(CONFIG_MAPS + "?dryRun=Some", "{'metadata':{'name':'a'}}");

      assertThat(answer.code()).isEqualTo(422);
      assertThat(answer.message())
          .isEqualTo(
              "CreateOptions.meta.k8s.io \"\" is invalid: dryRun: Unsupported value: [\"Some\"]:"
                  + " supported values: \"All\"");
    }

    @Test
    void dryRunWritesNothingWhateverTheVerb() throws Exception {
      wire.post(CONFIG_MAPS, "{'metadata':{'name':'a'}}");

      assertThat(wire.post(CONFIG_MAPS + "?dryRun=All", "{'metadata':{'name':'b'}}").code())
          .isEqualTo(201);
      wire.put(CONFIG_MAPS + "/a?dryRun=All", "{'metadata':{'name':'a'},'data':{'k':'v'}}");
      wire.patch("merge-patch", CONFIG_MAPS + "/a?dryRun=All", "{'data':{'k':'v'}}");
      wire.delete(CONFIG_MAPS + "/a", "{'dryRun':['All']}");
      wire.delete(CONFIG_MAPS + "/a?dryRun=All", "");
      wire.delete(CONFIG_MAPS + "?dryRun=All", "");

      assertThat(wire.get(CONFIG_MAPS + "/b").code()).isEqualTo(404);
      assertThat(wire.get(CONFIG_MAPS + "/a").json().has("data")).isFalse();
    }

    @Test
    void fieldValidationIsOneOfThree() throws Exception {
      assertThat(
              wire.put(CONFIG_MAPS + "/a?fieldValidation=Maybe", "{'metadata':{'name':'a'}}")
                  .message())
          .isEqualTo(
              "UpdateOptions.meta.k8s.io \"\" is invalid: fieldValidation: Unsupported value:"
                  + " \"Maybe\": supported values: \"\", \"Ignore\", \"Strict\", \"Warn\"");
    }

    @Test
    void forceIsForApplyOnly() throws Exception {
      assertThat(wire.patch("merge-patch", CONFIG_MAPS + "/a?force=true", "{}").message())
          .isEqualTo(
              "PatchOptions.meta.k8s.io \"\" is invalid: force: Forbidden: may not be specified for"
                  + " non-apply patch");
    }

    @Test
    void deletionsFollowOnePolicyThatExists() throws Exception {
      wire.post(CONFIG_MAPS, "{'metadata':{'name':'a'}}");

      assertThat(wire.delete(CONFIG_MAPS + "/a?propagationPolicy=Foo", "").message())
          .startsWith(
              "DeleteOptions.meta.k8s.io \"\" is invalid: propagationPolicy: Unsupported value:"
                  + " \"Foo\"");
      assertThat(
              wire.delete(
                      CONFIG_MAPS + "/a",
                      "{'propagationPolicy':'Foreground','orphanDependents':true}")
                  .message())
          .contains("orphanDependents and deletionPropagation cannot be both set");
      assertThat(wire.get(CONFIG_MAPS + "/a").code()).isEqualTo(200);
    }

    @Test
    void listsMatchVersionsThatAreNamed() throws Exception {
      assertThat(wire.get(CONFIG_MAPS + "?resourceVersionMatch=Exact").message())
          .isEqualTo(
              "ListOptions.meta.k8s.io \"\" is invalid: resourceVersionMatch: Forbidden:"
                  + " resourceVersionMatch is forbidden unless resourceVersion is provided");
      assertThat(wire.get(CONFIG_MAPS + "?resourceVersionMatch=Exact&resourceVersion=0").code())
          .isEqualTo(422);
      assertThat(wire.get(CONFIG_MAPS + "?sendInitialEvents=true").message())
          .endsWith("sendInitialEvents is forbidden for list");
      assertThat(wire.get(CONFIG_MAPS + "?watch=1&sendInitialEvents=true").message())
          .endsWith("sendInitialEvents requires setting resourceVersionMatch to NotOlderThan");
    }
  }

  @Nested
  class OfContent {
    @Test
    void whatIsNoJsonIsShownInPart() throws Exception {
      assertThat(wire.post(CONFIG_MAPS, "not json").message())
          .startsWith(
              "the object provided is unrecognized (must be of type ConfigMap): couldn't get"
                  + " version/kind; json parse error: ")
          .endsWith(" (6e6f74206a736f6e)");
    }

    @Test
    void objectsTravelAsProtobufToo() throws Exception {
      Type type = TypeTable.BUILT_IN.type("io.k8s.api.core.v1.ConfigMap");
      Struct sent = Struct.of("metadata", Struct.of("name", "a"), "data", Struct.of("k", "v"));
      String protobuf = "application/vnd.kubernetes.protobuf";

      Wire.Answer answer =
          wire.send(
              "POST",
              CONFIG_MAPS,
              ProtobufCodec.encode(sent, "v1", "ConfigMap", type),
              "Content-Type",
              protobuf,
              "Accept",
              protobuf + ", application/json");

      assertThat(answer.code()).isEqualTo(201);
      assertThat(answer.header("content-type")).isEqualTo(protobuf);
      ProtobufCodec.Envelope envelope = ProtobufCodec.open(answer.response().body());
      assertThat(envelope.kind()).isEqualTo("ConfigMap");
      Struct created = ProtobufCodec.decodeMessage(envelope.message(), type);
      assertThat(created.string("data", "k")).isEqualTo("v");
      assertThat(created.string("metadata", "uid")).hasSize(36);
      Wire.Answer missing = wire.get(CONFIG_MAPS + "/none", "Accept", protobuf);
      assertThat(ProtobufCodec.open(missing.response().body()).kind()).isEqualTo("Status");
    }

    @Test
    void objectsTravelAsYamlToo() throws Exception {
      Wire.Answer answer =
          wire.send(
              "POST",
              CONFIG_MAPS,
              "metadata: {name: a}\ndata: {k: 'yes'}\n",
              "Content-Type",
              "application/yaml",
              "Accept",
              "application/yaml");

      assertThat(answer.code()).isEqualTo(201);
      assertThat(answer.text()).contains("  k: \"yes\"\n").contains("creationTimestamp: \"20");
    }

    @Test
    void unknownAndDoubleFieldsAreRefusedWarnedOfOrIgnored() throws Exception {
      String body = "{'metadata':{'name':'a'},'foo':1,'data':{'k':'1','k':'2'}}";

      assertThat(wire.post(CONFIG_MAPS + "?fieldValidation=Strict", body).message())
          .isEqualTo(
              "ConfigMap in version \"v1\" cannot be handled as a ConfigMap: strict decoding error:"
                  + " unknown field \"foo\", duplicate field \"data.k\"");
      assertThat(wire.post(CONFIG_MAPS + "?dryRun=All", body).headers("warning"))
          .containsExactly(
              "299 - \"unknown field \\\"foo\\\"\"", "299 - \"duplicate field \\\"data.k\\\"\"");
      assertThat(
              wire.post(CONFIG_MAPS + "?dryRun=All&fieldValidation=Ignore", body)
                  .headers("warning"))
          .isEmpty();
    }

    @Test
    void patchesThatMakeNoObjectAreInvalid() throws Exception {
      wire.post(CONFIG_MAPS, "{'metadata':{'name':'a'}}");
      String strict = CONFIG_MAPS + "/a?fieldValidation=Strict";

      Wire.Answer unknown = wire.patch("strategic-merge-patch", strict, "{'foo':1}");
      assertThat(unknown.code()).isEqualTo(422);
      assertThat(unknown.message())
          .isEqualTo(
              " \"\" is invalid: patch: Invalid value: \"map[foo:1]\": strict decoding error:"
                  + " unknown field \"foo\"");
      assertThat(
              wire.patch("strategic-merge-patch", strict, "{'metadata':{'b':1},'metadata-':1}")
                  .message())
          .as("in the order of the texts")
          .endsWith(": unknown field \"metadata-\", unknown field \"metadata.b\"");
      assertThat(wire.patch("merge-patch", strict, "{'data':{'k':'1','k':'2'}}").message())
          .endsWith("strict decoding error: duplicate field \"data.k\"");
      assertThat(wire.patch("merge-patch", CONFIG_MAPS + "/a", "{'data':{'k':1}}").code())
          .isEqualTo(422);
    }

    @Test
    void jsonPatchesThatDoNotApplyAreRefused() throws Exception {
      wire.post(CONFIG_MAPS, "{'metadata':{'name':'a'},'data':{'k':'1'}}");
      String path = CONFIG_MAPS + "/a";

      Wire.Answer failed =
          wire.patch("json-patch", path, "[{'op':'test','path':'/data/k','value':'2'}]");
      assertThat(failed.code()).isEqualTo(422);
      assertThat(failed.message())
          .isEqualTo("the server rejected our request due to an error in our request");
      assertThat(failed.json().struct("details").isEmpty()).isTrue();
      assertThat(wire.patch("json-patch", path, "{'op':'add'}").code()).isEqualTo(400);
      assertThat(
              wire.patch("json-patch", path, "[{'op':'replace','path':'/data/k','value':'2'}]")
                  .json()
                  .string("data", "k"))
          .isEqualTo("2");
    }

    @Test
    void moreThanThreeMebibytesAreTooMuch() throws Exception {
      Wire.Answer answer = wire.send("POST", CONFIG_MAPS, new byte[(3 << 20) + 1]);

      assertThat(answer.code()).isEqualTo(413);
      assertThat(answer.message()).isEqualTo("Request entity too large: limit is 3145728");
    }

    @Test
    void mediaTypesThatAreNotSpokenAreTold() throws Exception {
      assertThat(wire.post(CONFIG_MAPS, "{}", "Content-Type", "text/plain").message())
          .isEqualTo(
              "the body of the request was in an unknown format - accepted media types include:"
                  + " application/json, application/yaml, application/vnd.kubernetes.protobuf");
      assertThat(wire.get(CONFIG_MAPS, "Accept", "text/html").code()).isEqualTo(406);
      Wire.Answer watch = wire.get(CONFIG_MAPS + "?watch=1", "Accept", "application/yaml");
      assertThat(watch.code()).isEqualTo(406);
      assertThat(watch.text().replaceAll("\n *", " "))
          .contains(
              "only the following media types are accepted: application/json;stream=watch,"
                  + " application/vnd.kubernetes.protobuf;stream=watch");
      assertThat(wire.patch("apply-patch", CONFIG_MAPS + "/a", "{}").code()).isEqualTo(415);
    }

    @Test
    void anObjectWithAVersionCannotBeCreated() throws Exception {
      Wire.Answer answer =
          wire.post(CONFIG_MAPS, "{'metadata':{'name':'a','resourceVersion':'1'}}");

      assertThat(answer.code()).isEqualTo(500);
      assertThat(answer.message())
          .isEqualTo("resourceVersion should not be set on objects to be created");
      assertThat(answer.json().has("reason")).isFalse();
    }
  }

  @Nested
  class OfServer {
    @Test
    void healthHasUpstreamsChecks() throws Exception {
      assertThat(wire.get("/livez?verbose").text())
          .isEqualTo("[+]ping ok\n[+]log ok\nlivez check passed\n");
      assertThat(wire.get("/readyz?verbose&exclude=shutdown&exclude=none").text())
          .isEqualTo(
              """
              [+]ping ok
              [+]log ok
              [+]informer-sync ok
              [+]shutdown excluded: ok
              warn: some health checks cannot be excluded: no matches for "none"
              readyz check passed
              """);
      assertThat(wire.get("/metrics/slis").text())
          .contains(
              "kubernetes_healthcheck{name=\"log\",type=\"livez\"} 1\n",
              "kubernetes_healthcheck{name=\"informer-sync\",type=\"readyz\"} 1\n")
          .doesNotContain("shutdown");
      assertThat(wire.get("/readyz/log").text()).isEqualTo("ok");
      assertThat(wire.get("/livez/none").code()).isEqualTo(404);
    }

    @Test
    void documentsThatAreKeptAreSentAgainOnlyIfTheyChanged() throws Exception {
      String aggregated = "application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList";
      Wire.Answer first = wire.get("/apis", "Accept", aggregated);
      assertThat(first.header("etag")).matches("\"[0-9A-F]{128}\"");
      assertThat(first.header("cache-control")).isEqualTo("public");
      assertThat(first.header("vary")).isEqualTo("Accept");

      Wire.Answer second =
          wire.get("/apis", "Accept", aggregated, "If-None-Match", first.header("etag"));
      assertThat(second.code()).isEqualTo(304);
      assertThat(second.text()).isEmpty();

      String document =
          wire.get("/openapi/v3").json().string("paths", "apis/apps/v1", "serverRelativeURL");
      assertThat(wire.get(document).header("cache-control")).isEqualTo("public, immutable");
    }

    @Test
    void oldClientsAreDescribedTheWholeApiInOneDocument() throws Exception {
      Wire.Answer answer = wire.get("/openapi/v2", "Accept", "application/json");
      Struct document = answer.json();
      Struct deployment = document.struct("definitions", "io.k8s.api.apps.v1.Deployment");
      assertThat(deployment.structs("x-kubernetes-group-version-kind"))
          .containsExactly(Struct.of("group", "apps", "kind", "Deployment", "version", "v1"));
      assertThat(deployment.string("properties", "spec", "$ref"))
          .isEqualTo("#/definitions/io.k8s.api.apps.v1.DeploymentSpec");
      Struct containers =
          document.struct("definitions", "io.k8s.api.core.v1.PodSpec", "properties", "containers");
      assertThat(containers.string("x-kubernetes-patch-merge-key")).isEqualTo("name");
      assertThat(containers.string("items", "$ref"))
          .isEqualTo("#/definitions/io.k8s.api.core.v1.Container");
      assertThat(
              document
                  .struct("paths", "/apis/apps/v1/namespaces/{namespace}/deployments/{name}")
                  .structs("patch", "parameters"))
          .extracting(parameter -> parameter.string("name"))
          .contains("dryRun", "fieldValidation", "body");
      assertThat(wire.get("/openapi/v2", "If-None-Match", answer.header("etag")).code())
          .isEqualTo(304);
    }

    @Test
    void theWholeApiCanBeHadInProtobuf() throws Exception {
      Wire.Answer answer =
          wire.get(
              "/openapi/v2",
              "Accept",
              "application/com.github.proto-openapi.spec.v2@v1.0+protobuf");
      assertThat(answer.header("content-type"))
          .isEqualTo("application/com.github.proto-openapi.spec.v2.v1.0+protobuf");

      ProtoReader document = new ProtoReader(answer.response().body());
      assertThat(document.next()).isEqualTo(1);
      assertThat(document.string()).isEqualTo("2.0");
      List<String> definitions = new ArrayList<>();
      for (int field = document.next(); field != 0; field = document.next()) {
        if (field == 9) {
          ProtoReader all = document.message();
          while (all.next() == 1) {
            ProtoReader named = all.message();
            named.next();
            definitions.add(named.string());
          }
        } else {
          document.skip();
        }
      }
      assertThat(definitions)
          .contains("io.k8s.api.core.v1.Pod", "io.k8s.api.apps.v1.DeploymentSpec");
    }

    @ParameterizedTest
    @CsvSource({
      "'', curl/8.5.0, true",
      "'', Wget/1.21, true",
      "'', Mozilla/5.0 (X11), true",
      "'', kubectl/v1.36.0, false",
      "?pretty=true, kubectl/v1.36.0, true",
      "?pretty=1, kubectl/v1.36.0, true",
      "?pretty=false, curl/8.5.0, false",
      "?pretty=x, curl/8.5.0, false",
    })
    void peopleSeeIndentedJson(String query, String agent, boolean indented) throws Exception {
      for (String path : List.of("/namespaces/default", "/namespaces", "/namespaces/none")) {
        String text = wire.get("/api/v1" + path + query, "User-Agent", agent).text();

        assertThat(text.startsWith("{\n  \"kind\": \"")).as(text).isEqualTo(indented);
        assertThat(text.endsWith("\n}")).as(text).isEqualTo(indented);
      }
    }

    @ParameterizedTest
    @CsvSource({
      "application/json;pretty=1, true",
      "'text/html, application/json;pretty=1;q=0.9, application/yaml;q=0.5', true",
      "'application/json, application/json;pretty=1;q=0.9', false",
      "application/json;pretty=true, false",
      "application/json;pretty=0, false",
    })
    void theMediaTypeMayAskForIndentedJson(String accept, boolean indented) throws Exception {
      String text = wire.get("/api/v1/namespaces/default", "Accept", accept).text();

      assertThat(text.startsWith("{\n  \"kind\": \"")).as(text).isEqualTo(indented);
    }

    @Test
    void thePartsOfOldAreAsWellAsTheServer() throws Exception {
      assertThat(wire.get("/api/v1/componentstatuses").json().structs("items")).hasSize(3);
      Struct one = wire.get("/api/v1/componentstatuses/etcd-0").json();
      assertThat(one.string("kind")).isEqualTo("ComponentStatus");
      assertThat(one.structs("conditions").getFirst().string("status")).isEqualTo("True");
      assertThat(wire.get("/api/v1/componentstatuses/none").message())
          .isEqualTo("componentstatuses \"none\" not found");
    }

    @ParameterizedTest
    @CsvSource({"'', 3", "/etcd-0, 1"})
    void thePartsOfOldAreShownAsTables(String name, int rows) throws Exception {
      Struct table =
          wire.get(
                  "/api/v1/componentstatuses" + name,
                  "Accept",
                  "application/json;as=Table;v=v1;g=meta.k8s.io,application/json")
              .json();

      assertThat(table.structs("columnDefinitions"))
          .extracting(column -> column.string("name"))
          .containsExactly("Name", "Status", "Message", "Error");
      assertThat(table.structs("rows"))
          .hasSize(rows)
          .allSatisfy(row -> assertThat(row.strings("cells")).endsWith("Healthy", "ok", ""))
          .allSatisfy(
              row -> assertThat(row.string("object", "kind")).isEqualTo("PartialObjectMetadata"));
    }

    @ParameterizedTest
    @CsvSource({
      "application/json;as=PartialObjectMetadataList;v=v1;g=meta.k8s.io, PartialObjectMetadataList",
      "application/yaml, 'kind: ComponentStatusList'",
      "application/vnd.kubernetes.protobuf, ComponentStatusList",
    })
    void thePartsOfOldAreShownInEveryForm(String accept, String shown) throws Exception {
      assertThat(wire.get("/api/v1/componentstatuses", "Accept", accept).text()).contains(shown);
    }

    @Test
    void everyAnswerCanBeFoundInTheAudit() throws Exception {
      assertThat(wire.get(CONFIG_MAPS).header("audit-id")).hasSize(36);
      assertThat(wire.get(CONFIG_MAPS, "Audit-ID", "mine").header("audit-id")).isEqualTo("mine");
      assertThat(wire.get(CONFIG_MAPS).header("cache-control")).isEqualTo("no-cache, private");
    }
  }
}
