package dev.tiphys.apiserver;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tiphys.apiserver.authentication.Anonymous;
import dev.tiphys.apiserver.bootstrap.DefaultObjects.ApiServerAddress;
import dev.tiphys.apiserver.http.Health;
import dev.tiphys.client.Api;
import dev.tiphys.client.ApiResource;
import dev.tiphys.client.DeleteOptions;
import dev.tiphys.object.Struct;
import dev.tiphys.object.api.Meta;
import dev.tiphys.object.encoding.Json;
import dev.tiphys.pki.Authority;
import dev.tiphys.pki.Credential;
import dev.tiphys.pki.Subject;
import dev.tiphys.schema.GroupVersion;
import dev.tiphys.store.embedded.EmbeddedStore;
import dev.tiphys.world.VirtualWorld;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// APIServices follow what they are about without any time passing.
class ApiServicesTest {

  private final VirtualWorld world = new VirtualWorld(1);
  private final ApiServer server =
      new ApiServer(
          EmbeddedStore.inMemory(world),
          world,
          ApiServerSettings.standard().withoutPlugins("ServiceAccount"));
  private final Api api = server.api("tester");

  ApiServicesTest() {
    Credential self =
        Authority.found(world, "test").issue(Subject.client("front-proxy"), Duration.ofHours(1));
    server.handler(
        server.authentication(List.of(), List.of(), () -> Anonymous.NOWHERE),
        new Health(),
        () -> self,
        () -> self);
    server.defaults(new ApiServerAddress("10.0.0.1", 6443, "10.96.0.1")).ensure();
    world.settle();
  }

  @AfterEach
  void close() {
    server.close();
  }

  private static final String DEFINITION =
      """
      {"apiVersion":"apiextensions.k8s.io/v1","kind":"CustomResourceDefinition",
       "metadata":{"name":"things.example.com"},
       "spec":{"group":"example.com","scope":"Namespaced",
        "names":{"plural":"things","kind":"Thing"},
        "versions":[{"name":"v1","served":true,"storage":true,
         "schema":{"openAPIV3Schema":{"type":"object"}}}]}}
      """;

  private static final String REMOTE =
      """
      {"apiVersion":"apiregistration.k8s.io/v1","kind":"APIService",
       "metadata":{"name":"v1.ext.example.com"},
       "spec":{"group":"ext.example.com","version":"v1","groupPriorityMinimum":100,
        "versionPriority":10,"insecureSkipTLSVerify":true,
        "service":{"namespace":"default","name":"ext"}}}
      """;

  private static final ApiResource DEFINITIONS =
      cluster("apiextensions.k8s.io/v1", "customresourcedefinitions", "CustomResourceDefinition");
  private static final ApiResource API_SERVICES =
      cluster("apiregistration.k8s.io/v1", "apiservices", "APIService");
  private static final ApiResource THINGS =
      new ApiResource(GroupVersion.parse("example.com/v1"), "things", "Thing", true);

  private static ApiResource cluster(String version, String plural, String kind) {
    return new ApiResource(GroupVersion.parse(version), plural, kind, false);
  }

  private static Struct object(String json) {
    return Json.struct(json.getBytes(StandardCharsets.UTF_8));
  }

  private Struct service(String name) {
    world.settle();
    return api.get(API_SERVICES, "", name);
  }

  private String reason(String name) {
    Struct condition = Meta.condition(service(name), "Available");
    return condition == null ? "" : condition.string("reason");
  }

  @Test
  void aServedVersionHasOneAtOnceAndLosesItAtOnce() {
    api.create(DEFINITIONS, object(DEFINITION));

    assertThat(reason("v1.example.com")).isEqualTo("Local");
    api.delete(DEFINITIONS, "", "things.example.com", DeleteOptions.DEFAULT);
    world.settle();
    assertThat(api.find(API_SERVICES, "", "v1.example.com")).isNull();
  }

  @Test
  void oneThatIsMissedIsMadeAgain() {
    api.create(DEFINITIONS, object(DEFINITION));
    world.settle();
    api.delete(API_SERVICES, "", "v1.example.com", DeleteOptions.DEFAULT);

    assertThat(reason("v1.example.com")).isEqualTo("Local");
  }

  @Test
  void itTellsAtOnceWhatIsMissingOfItsService() {
    api.create(API_SERVICES, object(REMOTE));
    assertThat(reason("v1.ext.example.com")).isEqualTo("ServiceNotFound");

    api.create(
        ApiResource.SERVICES,
        object(
            """
            {"apiVersion":"v1","kind":"Service","metadata":{"name":"ext","namespace":"default"},
             "spec":{"ports":[{"name":"https","port":443}]}}
            """));
    assertThat(reason("v1.ext.example.com")).isEqualTo("EndpointsNotFound");
    api.create(
        ApiResource.ENDPOINT_SLICES,
        object(
            """
            {"apiVersion":"discovery.k8s.io/v1","kind":"EndpointSlice","addressType":"IPv4",
             "metadata":{"name":"ext-1","namespace":"default",
              "labels":{"kubernetes.io/service-name":"ext"}},
             "endpoints":[],"ports":[{"name":"https","port":443}]}
            """));
    assertThat(reason("v1.ext.example.com")).isEqualTo("MissingEndpoints");
    api.delete(ApiResource.SERVICES, "default", "ext", DeleteOptions.DEFAULT);
    assertThat(reason("v1.ext.example.com")).isEqualTo("ServiceNotFound");
  }

  @Test
  void aDefinitionGoesAtOnceWhenItsLastObjectMayGo() {
    api.create(DEFINITIONS, object(DEFINITION));
    world.settle();
    Struct held =
        api.create(
            THINGS,
            object(
                """
                {"apiVersion":"example.com/v1","kind":"Thing",
                 "metadata":{"name":"a","namespace":"default","finalizers":["example.com/hold"]}}
                """));
    api.delete(DEFINITIONS, "", "things.example.com", DeleteOptions.DEFAULT);
    world.settle();
    assertThat(api.find(DEFINITIONS, "", "things.example.com")).isNotNull();

    Struct deleted = api.get(THINGS, "default", held.string("metadata", "name"));
    api.update(THINGS, deleted.withoutAt("metadata", "finalizers"));
    world.settle();

    assertThat(api.find(DEFINITIONS, "", "things.example.com")).isNull();
  }
}
